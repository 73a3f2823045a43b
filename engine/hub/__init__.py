"""The Hugging Face Hub: finding models, and fetching them so that nothing is lost and nothing wrong is kept."""

import os

# Read once, when the library is imported, which nothing but this package does: else it asks the Hub about programs that may have
# started this one, and tells it their name and the versions of other packages.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
