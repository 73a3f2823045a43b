"""Sizes as people read them."""


def size_text(size_bytes: float) -> str:
    """38 MB, 1.23 GB, 17 kB, 258 B."""
    if size_bytes < 1000:
        return f"{size_bytes:.0f} B"
    if size_bytes >= 999_500_000:
        return f"{size_bytes / 1e9:.2f} GB"
    return f"{size_bytes / 1e6:.0f} MB" if size_bytes >= 999_500 else f"{size_bytes / 1e3:.0f} kB"
