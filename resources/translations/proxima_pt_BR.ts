<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pt_BR" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Próxima</source>
        <extracomment>Distributions that the window or its workers stand on, with their licences.</extracomment>
        <translation>Sobre o Próxima</translation>
    </message>
    <message>
        <source>A language model on your own machine, and the probability of every next token. MIT licence.</source>
        <translation>Um modelo de linguagem na sua própria máquina, e a probabilidade de cada próximo token. Licença MIT.</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>Feito com</translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation>Copiar versões</translation>
    </message>
    <message>
        <source>Use a graphics card…</source>
        <translation>Usar uma placa de vídeo…</translation>
    </message>
</context>
<context>
    <name>AboutPane</name>
    <message>
        <source>such as: poems, first tries</source>
        <translation>como: poemas, primeiras tentativas</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>Tags, with commas between them</source>
        <translation>Etiquetas, separadas por vírgulas</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Notas</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>Pontos de controle</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plano</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parâmetros</translation>
    </message>
    <message>
        <source>Begun from</source>
        <translation>Partiu de</translation>
    </message>
    <message>
        <source>Learns</source>
        <translation>Aprende</translation>
    </message>
    <message>
        <source>an adapter of rank {0}</source>
        <translation>um adaptador de posto {0}</translation>
    </message>
    <message>
        <source>every token of the texts</source>
        <translation>todos os tokens dos textos</translation>
    </message>
    <message>
        <source>the assistant&apos;s words</source>
        <translation>as palavras do assistente</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>Objetivo</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textos</translation>
    </message>
    <message>
        <source>A step</source>
        <translation>Um passo</translation>
    </message>
    <message>
        <source>{0} rows of {1} tokens</source>
        <translation>{0} linhas de {1} tokens</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Passos</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>Otimizador</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Taxa de aprendizado</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>No máximo</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Pasta</translation>
    </message>
</context>
<context>
    <name>AdapterDialog</name>
    <message>
        <source>Adapters</source>
        <translation>Adaptadores</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>Acrescentar um arquivo…</translation>
    </message>
    <message>
        <source>Add from a run</source>
        <translation>De um treino</translation>
    </message>
    <message>
        <source>Compare with and without</source>
        <translation>Comparar com e sem</translation>
    </message>
    <message>
        <source>What the model expects next with these adapters and without, in the Playground</source>
        <translation>O que o modelo espera a seguir com estes adaptadores e sem eles, no Laboratório</translation>
    </message>
    <message>
        <source>{0}, step {1}</source>
        <translation>{0}, passo {1}</translation>
    </message>
    <message>
        <source>No run has trained an adapter for this model yet</source>
        <translation>Nenhum treino fez ainda um adaptador para este modelo</translation>
    </message>
    <message>
        <source>The adapter of “{0}” is being written…</source>
        <translation>O adaptador de “{0}” está sendo gravado…</translation>
    </message>
    <message>
        <source>A model is needed first: adapters stand beside one.</source>
        <translation>Primeiro é preciso um modelo: adaptadores ficam ao lado de um.</translation>
    </message>
    <message>
        <source>Adapters stand beside a GGUF file. Export this model as GGUF to use some with it.</source>
        <translation>Adaptadores ficam ao lado de um arquivo GGUF. Exporte este modelo como GGUF para usá-los com ele.</translation>
    </message>
    <message>
        <source>No adapter stands beside {0} yet. A LoRA adapter changes how a model answers and leaves its file as it is.</source>
        <translation>Ainda não há adaptador ao lado de {0}. Um adaptador LoRA muda como o modelo responde e deixa o arquivo dele como está.</translation>
    </message>
    <message>
        <source>Beside {0}. What was read so far is read anew when one is switched; each reply keeps which were on.</source>
        <translation>Ao lado de {0}. Ao ligar ou desligar um deles, o que já foi lido é lido de novo; cada resposta guarda quais estavam ligados.</translation>
    </message>
    <message>
        <source>Add an adapter</source>
        <translation>Acrescentar um adaptador</translation>
    </message>
    <message>
        <source>Adapters (*.gguf)</source>
        <translation>Adaptadores (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
</context>
<context>
    <name>AdapterRuns</name>
    <message>
        <source>The adapter could not be written.</source>
        <translation>O adaptador não pôde ser gravado.</translation>
    </message>
</context>
<context>
    <name>AdditionPane</name>
    <message>
        <source>First number</source>
        <translation>Primeiro número</translation>
    </message>
    <message>
        <source>Second number</source>
        <translation>Segundo número</translation>
    </message>
    <message>
        <source>Digits of random numbers</source>
        <translation>Algarismos dos números ao acaso</translation>
    </message>
    <message>
        <source>Random numbers of</source>
        <translation>Números ao acaso de</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Somar</translation>
    </message>
    <message>
        <source>Copy the sum</source>
        <translation>Copiar a soma</translation>
    </message>
    <message>
        <source>digits</source>
        <translation>algarismos</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>For a model of the recipe “addition”: it is shown one pair of digits after the other, from the right, and writes carry and digit itself. Nothing is added for it.</source>
        <translation>Para um modelo da receita “addition”: ele vê um par de algarismos depois do outro, da direita para a esquerda, e escreve ele mesmo o vai-um e o algarismo. Nada é somado por ele.</translation>
    </message>
    <message>
        <source>{0} of {1} columns written, {2} of them wrong.</source>
        <translation>{0} de {1} colunas escritas, {2} delas erradas.</translation>
    </message>
    <message>
        <source>All {0} columns are right: Python&apos;s own sum is the same.</source>
        <translation>Todas as {0} colunas estão certas: a soma do próprio Python é a mesma.</translation>
    </message>
    <message>
        <source>{0} of {1} columns are wrong: below them stands what Python&apos;s own sum has.</source>
        <translation>{0} de {1} colunas estão erradas: abaixo delas está o que a soma do próprio Python tem.</translation>
    </message>
</context>
<context>
    <name>AttachedFiles</name>
    <message>
        <source>Adapter: {0}</source>
        <translation>Adaptador: {0}</translation>
    </message>
    <message>
        <source>For pictures, which Próxima does not show it: {0}</source>
        <translation>Para imagens, que o Próxima não mostra a ele: {0}</translation>
    </message>
    <message>
        <source>Chat with {0} beside the model</source>
        <translation>Conversar com {0} ao lado do modelo</translation>
    </message>
    <message>
        <source>Chat with both</source>
        <translation>Conversar com os dois</translation>
    </message>
</context>
<context>
    <name>BiasMenu</name>
    <message>
        <source>Bias of “{0}”: {1}</source>
        <translation>Viés de “{0}”: {1}</translation>
    </message>
    <message>
        <source>More likely</source>
        <translation>Mais provável</translation>
    </message>
    <message>
        <source>Less likely</source>
        <translation>Menos provável</translation>
    </message>
    <message>
        <source>Ban it</source>
        <translation>Proibir</translation>
    </message>
    <message>
        <source>No bias</source>
        <translation>Sem viés</translation>
    </message>
</context>
<context>
    <name>BiasRows</name>
    <message>
        <source>Number of a token</source>
        <translation>Número de um token</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Adicionar</translation>
    </message>
    <message>
        <source>Numbers of tokens stand in the inspector.</source>
        <translation>Os números dos tokens estão no inspetor.</translation>
    </message>
    <message>
        <source>Bias of {0}</source>
        <translation>Viés de {0}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Remover</translation>
    </message>
    <message>
        <source>Remove the bias of {0}</source>
        <translation>Remover o viés de {0}</translation>
    </message>
</context>
<context>
    <name>BranchView</name>
    <message>
        <source>Map of the branches</source>
        <translation>Mapa das ramificações</translation>
    </message>
</context>
<context>
    <name>Branches</name>
    <message>
        <source>Show this branch</source>
        <translation>Mostrar esta ramificação</translation>
    </message>
    <message>
        <source>Compare versions</source>
        <translation>Comparar versões</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Mapa</translation>
    </message>
    <message>
        <source>Back to the conversation</source>
        <translation>Voltar à conversa</translation>
    </message>
    <message>
        <source>Branches of this conversation: {0}</source>
        <translation>Ramificações desta conversa: {0}</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Você</translation>
    </message>
    <message>
        <source>Próxima</source>
        <translation>Próxima</translation>
    </message>
    <message>
        <source>{0} messages</source>
        <translation>{0} mensagens</translation>
    </message>
    <message>
        <source>There is no other version.</source>
        <translation>Não há outra versão.</translation>
    </message>
    <message>
        <source>Two of {0} versions</source>
        <translation>Duas de {0} versões</translation>
    </message>
</context>
<context>
    <name>CandidateList</name>
    <message>
        <source>Candidates</source>
        <translation>Candidatos</translation>
    </message>
    <message>
        <source>Log scale</source>
        <translation>Escala logarítmica</translation>
    </message>
    <message>
        <source>Lengths by the logarithm of the probability: the unlikely becomes visible.</source>
        <translation>Comprimentos pelo logaritmo da probabilidade: o improvável fica visível.</translation>
    </message>
    <message>
        <source>raw, over the full vocabulary</source>
        <translation>bruta, sobre o vocabulário todo</translation>
    </message>
    <message>
        <source>after the chain</source>
        <translation>depois da cadeia</translation>
    </message>
    <message>
        <source>Click a candidate, or press Enter on it, to let a new reply go on from there.</source>
        <translation>Clique em um candidato, ou tecle Enter sobre ele, para uma nova resposta seguir a partir dali.</translation>
    </message>
    <message>
        <source>Click a candidate, or press Enter on it, to put it in the place of the token.</source>
        <translation>Clique num candidato, ou tecle Enter nele, para pô-lo no lugar do token.</translation>
    </message>
    <message>
        <source>Its menu, or the keys + - B 0, make it more or less likely, ban it, or let it be.</source>
        <translation>O menu dele, ou as teclas + - B 0, o tornam mais ou menos provável, o proíbem ou o deixam como é.</translation>
    </message>
    <message>
        <source>with the present sliders</source>
        <translation>com os controles atuais</translation>
    </message>
    <message>
        <source>Fewer</source>
        <translation>Menos</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>Mais {0}</translation>
    </message>
    <message>
        <source>The next most likely tokens of the vocabulary, as the model tells them.</source>
        <translation>Os próximos tokens mais prováveis do vocabulário, como o modelo os informa.</translation>
    </message>
    <message>
        <source>Only the model that wrote it knows the others: they are listed once it is loaded and has time.</source>
        <translation>Só o modelo que o escreveu conhece os outros: eles são listados assim que ele estiver carregado e livre.</translation>
    </message>
    <message>
        <source>The other {0} tokens of the vocabulary: raw {1} together, after the chain {2}.</source>
        <translation>Os outros {0} tokens do vocabulário: juntos, bruta {1}, depois da cadeia {2}.</translation>
    </message>
    <message>
        <source>The other {0} tokens of the vocabulary: raw {1} together.</source>
        <translation>Os outros {0} tokens do vocabulário: {1} juntos, bruta.</translation>
    </message>
    <message>
        <source>{0} others</source>
        <translation>{0} outros</translation>
    </message>
    <message>
        <source>logit {0}</source>
        <translation>logit {0}</translation>
    </message>
    <message>
        <source>raw {0}</source>
        <translation>bruta {0}</translation>
    </message>
    <message>
        <source>removed by {0}</source>
        <translation>removido por {0}</translation>
    </message>
    <message>
        <source>after the chain {0}</source>
        <translation>depois da cadeia {0}</translation>
    </message>
    <message>
        <source>bias {0} in the present chain</source>
        <translation>viés {0} na cadeia atual</translation>
    </message>
    <message>
        <source>Go on from here</source>
        <translation>Continuar daqui</translation>
    </message>
    <message>
        <source>Put it in the place of the token</source>
        <translation>Pôr no lugar do token</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>Copiar como JSON</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>Copiar como CSV</translation>
    </message>
</context>
<context>
    <name>CardColumn</name>
    <message>
        <source>Off: {0}</source>
        <translation>Desligadas: {0}</translation>
    </message>
</context>
<context>
    <name>CardView</name>
    <message>
        <source>Model card</source>
        <translation>Apresentação do modelo</translation>
    </message>
    <message>
        <source>The card links to this address. It opens in your browser.</source>
        <translation>A apresentação aponta para este endereço. Ele abre no seu navegador.</translation>
    </message>
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Conversa</translation>
    </message>
    <message>
        <source>Send the message</source>
        <translation>Enviar a mensagem</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>New line in the message</source>
        <translation>Nova linha na mensagem</translation>
    </message>
    <message>
        <source>Shift+Enter</source>
        <translation>Shift+Enter</translation>
    </message>
    <message>
        <source>Token before and after the selected one</source>
        <translation>Token antes e depois do selecionado</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation>Esquerda, Direita</translation>
    </message>
    <message>
        <source>Token above and below the selected one</source>
        <translation>Token acima e abaixo do selecionado</translation>
    </message>
    <message>
        <source>Up, Down</source>
        <translation>Acima, Abaixo</translation>
    </message>
    <message>
        <source>From the selected token to its candidates, and back</source>
        <translation>Do token selecionado aos seus candidatos, e de volta</translation>
    </message>
    <message>
        <source>Enter, Esc</source>
        <translation>Enter, Esc</translation>
    </message>
    <message>
        <source>A candidate in the inspector: more likely, less likely, banned, no bias</source>
        <translation>Um candidato no inspetor: mais provável, menos provável, proibido, sem viés</translation>
    </message>
    <message>
        <source>+, -, B, 0</source>
        <translation>+, -, B, 0</translation>
    </message>
    <message>
        <source>Rename the conversation in the list</source>
        <translation>Renomear a conversa na lista</translation>
    </message>
    <message>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <source>Delete the conversation in the list</source>
        <translation>Excluir a conversa na lista</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Nova conversa</translation>
    </message>
    <message>
        <source>Import a conversation…</source>
        <translation>Importar uma conversa…</translation>
    </message>
    <message>
        <source>Export as Markdown…</source>
        <translation>Exportar como Markdown…</translation>
    </message>
    <message>
        <source>Export as JSON…</source>
        <translation>Exportar como JSON…</translation>
    </message>
    <message>
        <source>Rename conversation</source>
        <translation>Renomear conversa</translation>
    </message>
    <message>
        <source>Delete conversation</source>
        <translation>Excluir conversa</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>Abrir um arquivo de modelo…</translation>
    </message>
    <message>
        <source>Open a model folder…</source>
        <translation>Abrir uma pasta de modelo…</translation>
    </message>
    <message>
        <source>Adapters of the model…</source>
        <translation>Adaptadores do modelo…</translation>
    </message>
    <message>
        <source>LoRA adapters that change how the model answers</source>
        <translation>Adaptadores LoRA, que mudam como o modelo responde</translation>
    </message>
    <message>
        <source>One token at a time</source>
        <translation>Um token de cada vez</translation>
    </message>
    <message>
        <source>Choose each token of the next reply yourself</source>
        <translation>Escolha você cada token da próxima resposta</translation>
    </message>
    <message>
        <source>Stop the reply</source>
        <translation>Parar a resposta</translation>
    </message>
    <message>
        <source>Find in the conversation</source>
        <translation>Procurar na conversa</translation>
    </message>
    <message>
        <source>Find in all conversations</source>
        <translation>Procurar em todas as conversas</translation>
    </message>
    <message>
        <source>Show tokens</source>
        <translation>Mostrar tokens</translation>
    </message>
    <message>
        <source>Score the prompt too</source>
        <translation>Pontuar também o prompt</translation>
    </message>
    <message>
        <source>Next surprising token</source>
        <translation>Próximo token surpreendente</translation>
    </message>
    <message>
        <source>Surprising token before</source>
        <translation>Token surpreendente anterior</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Instruções do sistema</translation>
    </message>
    <message>
        <source>List of conversations</source>
        <translation>Lista de conversas</translation>
    </message>
    <message>
        <source>Sampling and tokens</source>
        <translation>Amostragem e tokens</translation>
    </message>
    <message>
        <source>Map of the branches</source>
        <translation>Mapa das ramificações</translation>
    </message>
    <message>
        <source>Next area</source>
        <translation>Próxima área</translation>
    </message>
    <message>
        <source>Previous area</source>
        <translation>Área anterior</translation>
    </message>
    <message>
        <source>Previous message</source>
        <translation>Mensagem anterior</translation>
    </message>
    <message>
        <source>Next message</source>
        <translation>Próxima mensagem</translation>
    </message>
    <message>
        <source>To the end of the conversation</source>
        <translation>Ir ao fim da conversa</translation>
    </message>
    <message>
        <source>Width of the list of conversations</source>
        <extracomment>Below the conversation: what one reads does not move when something comes here, and messages stand above all of it.</extracomment>
        <translation>Largura da lista de conversas</translation>
    </message>
    <message>
        <source>Width of sampling and tokens</source>
        <translation>Largura de amostragem e tokens</translation>
    </message>
    <message>
        <source>A reply is being written in another conversation.</source>
        <translation>Uma resposta está sendo escrita em outra conversa.</translation>
    </message>
    <message>
        <source>There is no other version of this message.</source>
        <translation>Não há outra versão desta mensagem.</translation>
    </message>
    <message>
        <source>{0}: raw probability {1}, rank {2}</source>
        <translation>{0}: probabilidade bruta {1}, posto {2}</translation>
    </message>
</context>
<context>
    <name>ChatState</name>
    <message>
        <source>This reply is complete: the model has ended it.</source>
        <translation>Esta resposta está completa: o modelo a encerrou.</translation>
    </message>
    <message>
        <source>Only a reply can be checked: choose one.</source>
        <translation>Só uma resposta pode ser verificada: escolha uma.</translation>
    </message>
    <message>
        <source>Message deleted.</source>
        <translation>Mensagem excluída.</translation>
    </message>
    <message>
        <source>A branch begins in a reply, not in what was given to the model.</source>
        <translation>Um ramo começa numa resposta, não no que foi dado ao modelo.</translation>
    </message>
    <message>
        <source>This reply was written by a model with other tokens; load that one to branch.</source>
        <translation>Esta resposta foi escrita por um modelo com outros tokens; carregue-o para ramificar.</translation>
    </message>
    <message>
        <source>A reply is being written. Stop it first.</source>
        <translation>Uma resposta está sendo escrita. Pare-a primeiro.</translation>
    </message>
    <message>
        <source>The beginning of this reply was written with other adapters than are on now.</source>
        <translation>O começo desta resposta foi escrito com outros adaptadores do que os que estão ligados agora.</translation>
    </message>
    <message>
        <source>Nothing was recorded for this text.</source>
        <translation>Nada foi registrado sobre este texto.</translation>
    </message>
</context>
<context>
    <name>CodeCopyButtons</name>
    <message>
        <source>Copy code</source>
        <translation>Copiar código</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Copiado</translation>
    </message>
</context>
<context>
    <name>ComparePane</name>
    <message>
        <source>Left</source>
        <translation>Esquerda</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Direita</translation>
    </message>
    <message>
        <source>Places where they disagree most</source>
        <translation>Lugares em que mais discordam</translation>
    </message>
    <message>
        <source>left</source>
        <translation>esquerda</translation>
    </message>
    <message>
        <source>right</source>
        <translation>direita</translation>
    </message>
    <message>
        <source>What both expect at this place</source>
        <translation>O que os dois esperam neste lugar</translation>
    </message>
    <message>
        <source>Where they disagree most</source>
        <translation>Onde mais discordam</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <source>Of the text as it was, “{0}”: compare again for the one above</source>
        <translation>Do texto como era, “{0}”: compare de novo para o de cima</translation>
    </message>
    <message>
        <source>as the reply to “{0}”</source>
        <translation>como resposta a “{0}”</translation>
    </message>
    <message>
        <source>loading {0} %</source>
        <translation>carregando {0} %</translation>
    </message>
    <message>
        <source>compared {0} %</source>
        <translation>comparados {0} %</translation>
    </message>
    <message>
        <source>Two models, two checkpoints or two chains over this text. Divergences are in bits, over the whole vocabulary.</source>
        <translation>Dois modelos, dois checkpoints ou duas cadeias sobre este texto. As divergências são em bits, sobre o vocabulário todo.</translation>
    </message>
    <message>
        <source>mean Jensen-Shannon divergence {0} bits</source>
        <translation>divergência média de Jensen-Shannon {0} bits</translation>
    </message>
    <message>
        <source>surprisal left {0}, right {1} bits a token</source>
        <translation>surpresa à esquerda {0}, à direita {1} bits por token</translation>
    </message>
    <message>
        <source>not counted (∞): {0} tokens of the text that the chain at the left cuts off, {1} at the right</source>
        <translation>fora da conta (∞): {0} tokens do texto que a cadeia da esquerda corta, {1} à direita</translation>
    </message>
    <message>
        <source>mean KL (left || right) {0} bits</source>
        <translation>KL média (esquerda || direita) {0} bits</translation>
    </message>
    <message>
        <source>mean KL (right || left) {0} bits, infinite the other way: the right side cuts tokens off</source>
        <translation>KL média (direita || esquerda) {0} bits, infinita no outro sentido: o lado direito corta tokens</translation>
    </message>
    <message>
        <source>KL is infinite both ways: each side cuts off tokens of the other</source>
        <translation>KL infinita nos dois sentidos: cada lado corta tokens do outro</translation>
    </message>
    <message>
        <source>The vocabularies differ: shown is by how many bits the surprisals differ.</source>
        <translation>Os vocabulários diferem: mostra-se em quantos bits as surpresas diferem.</translation>
    </message>
    <message>
        <source>surprisal left {0}, right {1} bits</source>
        <translation>surpresa à esquerda {0}, à direita {1} bits</translation>
    </message>
    <message>
        <source>{0} bits   “{1}”   {2} / {3} bits, after “…{4}”</source>
        <translation>{0} bits   “{1}”   {2} / {3} bits, depois de “…{4}”</translation>
    </message>
    <message>
        <source>{0} bits   …{1} “{2}”</source>
        <translation>{0} bits   …{1} “{2}”</translation>
    </message>
    <message>
        <source>Choose a place to see both distributions side by side.</source>
        <translation>Escolha um lugar para ver as duas distribuições lado a lado.</translation>
    </message>
    <message>
        <source>{0}: left {1}, right {2}</source>
        <translation>{0}: esquerda {1}, direita {2}</translation>
    </message>
    <message>
        <source>≤: not among the candidates that are listed there, so at most that.</source>
        <translation>≤: não está entre os candidatos listados ali; portanto, no máximo isso.</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Left version</source>
        <translation>Versão à esquerda</translation>
    </message>
    <message>
        <source>Right version</source>
        <translation>Versão à direita</translation>
    </message>
    <message>
        <source>Both versions are the same.</source>
        <translation>As duas versões são iguais.</translation>
    </message>
    <message>
        <source>They part at “{0}” and “{1}”. What stands before is the same, and pale.</source>
        <translation>Elas se separam em “{0}” e “{1}”. O que vem antes é igual e aparece mais claro.</translation>
    </message>
    <message>
        <source>What stands before the first difference is the same, and pale.</source>
        <translation>O que vem antes da primeira diferença é igual e aparece mais claro.</translation>
    </message>
    <message>
        <source>Reading the records of both versions…</source>
        <translation>Lendo os registros das duas versões…</translation>
    </message>
    <message>
        <source>“{0}” had {1} here, rank {2}</source>
        <translation>“{0}” tinha {1} aqui, posto {2}</translation>
    </message>
    <message>
        <source>ends before they differ</source>
        <translation>termina antes de divergirem</translation>
    </message>
    <message>
        <source>“{0}” had {1}</source>
        <translation>“{0}” tinha {1}</translation>
    </message>
    <message>
        <source>“{0}” is not among the candidates that were kept</source>
        <translation>“{0}” não está entre os candidatos guardados</translation>
    </message>
    <message>
        <source>{0} tokens, {1} bits of surprise each on the average</source>
        <translation>{0} tokens, {1} bits de surpresa cada um, em média</translation>
    </message>
</context>
<context>
    <name>Comparing</name>
    <message>
        <source>The process that compares the models ended ({0}).</source>
        <translation>O processo que compara os modelos terminou ({0}).</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Write a message…</source>
        <translation>Escreva uma mensagem…</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensagem</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>Stop writing (Esc)</source>
        <translation>Parar de escrever (Esc)</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Write something first</source>
        <translation>Escreva algo primeiro</translation>
    </message>
    <message>
        <source>Send (Enter); Shift+Enter begins a new line</source>
        <translation>Enviar (Enter); Shift+Enter começa uma nova linha</translation>
    </message>
</context>
<context>
    <name>ConversationFiles</name>
    <message>
        <source>Conversation</source>
        <translation>Conversa</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>Conversation with all branches (*.json)</source>
        <translation>Conversa com todos os ramos (*.json)</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>Exportar a conversa</translation>
    </message>
    <message>
        <source>Import a conversation</source>
        <translation>Importar uma conversa</translation>
    </message>
    <message>
        <source>Conversation (*.json)</source>
        <translation>Conversa (*.json)</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Você</translation>
    </message>
    <message>
        <source>Próxima</source>
        <translation>Próxima</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Instruções do sistema</translation>
    </message>
    <message>
        <source>Exported to {0}</source>
        <translation>Exportada para {0}</translation>
    </message>
    <message>
        <source>Only replies have records.</source>
        <translation>Só respostas têm registros.</translation>
    </message>
    <message>
        <source>Export the reply with its tokens</source>
        <translation>Exportar a resposta com os seus tokens</translation>
    </message>
    <message>
        <source>Everything about each token (*.json)</source>
        <translation>Tudo sobre cada token (*.json)</translation>
    </message>
    <message>
        <source>Table with a row for each token (*.csv)</source>
        <translation>Tabela com uma linha por token (*.csv)</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>Resposta</translation>
    </message>
    <message>
        <source>The file could not be read or written.</source>
        <translation>Não foi possível ler ou gravar o arquivo.</translation>
    </message>
    <message>
        <source>Check the folder, and that the disk is not full.</source>
        <translation>Verifique a pasta e se o disco não está cheio.</translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message>
        <source>Search all conversations</source>
        <translation>Buscar em todas as conversas</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Conversas</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Nova conversa</translation>
    </message>
    <message>
        <source>Ctrl+N</source>
        <translation>Ctrl+N</translation>
    </message>
    <message>
        <source>Your conversations will stand here.</source>
        <translation>Suas conversas ficarão aqui.</translation>
    </message>
    <message>
        <source>Found: {0}</source>
        <translation>Encontrados: {0}</translation>
    </message>
    <message>
        <source>Nothing found for “{0}”.</source>
        <translation>Nada encontrado para “{0}”.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renomear</translation>
    </message>
    <message>
        <source>Export as Markdown…</source>
        <translation>Exportar como Markdown…</translation>
    </message>
    <message>
        <source>Export as JSON…</source>
        <translation>Exportar como JSON…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>Import a conversation…</source>
        <translation>Importar uma conversa…</translation>
    </message>
</context>
<context>
    <name>ConvertMenu</name>
    <message>
        <source>too large for this machine</source>
        <extracomment>Those that are of use without an importance matrix, the largest first. Up to this size a reply is fast on any machine, so nothing is gained by fewer bits.</extracomment>
        <translation>grande demais para esta máquina</translation>
    </message>
    <message>
        <source>recommended</source>
        <translation>recomendado</translation>
    </message>
</context>
<context>
    <name>CumulativeBar</name>
    <message>
        <source>The dart fell at {0}, on {1}, which reaches from {2} to {3}</source>
        <translation>O dardo caiu em {0}, sobre {1}, que vai de {2} a {3}</translation>
    </message>
</context>
<context>
    <name>Curves</name>
    <message>
        <source>Loss, nats a token</source>
        <translation>Perda, nats por token</translation>
    </message>
    <message>
        <source>Held-out texts, bits per byte</source>
        <translation>Textos reservados, bits por byte</translation>
    </message>
    <message>
        <source>Learning rate, share of its peak</source>
        <translation>Taxa de aprendizado, fração do máximo</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>Norma do gradiente</translation>
    </message>
    <message>
        <source>Tokens a second</source>
        <translation>Tokens por segundo</translation>
    </message>
    <message>
        <source>The texts are too few to hold any of them out, so how it does on unseen ones is not measured.</source>
        <translation>Os textos são poucos para reservar algum; por isso não se mede como ele vai nos que não viu.</translation>
    </message>
    <message>
        <source>Runs are compared on held-out texts, and there is no value of {0} yet.</source>
        <translation>Treinos são comparados em textos reservados, e ainda não há nenhum valor de {0}.</translation>
    </message>
    <message>
        <source>each report</source>
        <translation>cada relato</translation>
    </message>
    <message>
        <source>training</source>
        <translation>treino</translation>
    </message>
    <message>
        <source>training loss</source>
        <translation>perda no treino</translation>
    </message>
    <message>
        <source>held out: {0}</source>
        <translation>reservados: {0}</translation>
    </message>
    <message>
        <source>held out</source>
        <translation>reservados</translation>
    </message>
    <message>
        <source>{0}-gram</source>
        <translation>{0}-grama</translation>
    </message>
    <message>
        <source>{0}: what counting alone achieves on the same texts</source>
        <translation>{0}: o que só contar alcança nos mesmos textos</translation>
    </message>
</context>
<context>
    <name>DataStep</name>
    <message>
        <source>What it learns from</source>
        <translation>Com o que ele aprende</translation>
    </message>
    <message>
        <source>Texts teach every word. Conversations (.jsonl with messages) can teach the assistant&apos;s words alone. Nothing leaves this machine.</source>
        <translation>Textos ensinam cada palavra. Conversas (.jsonl com mensagens) podem ensinar só as palavras do assistente. Nada sai deste computador.</translation>
    </message>
    <message>
        <source>Start from a recipe</source>
        <translation>Começar de uma receita</translation>
    </message>
    <message>
        <source>A shape and a plan that were tried on such texts; everything can still be changed.</source>
        <translation>Uma forma e um plano já provados em textos assim; tudo ainda pode ser mudado.</translation>
    </message>
    <message>
        <source>Files and folders of the run</source>
        <translation>Arquivos e pastas do treino</translation>
    </message>
    <message>
        <source>Del takes one out</source>
        <translation>Del tira um da lista</translation>
    </message>
    <message>
        <source>How it is tokenised</source>
        <translation>Como vira tokens</translation>
    </message>
    <message>
        <source>The first documents as tokens</source>
        <translation>Os primeiros documentos em tokens</translation>
    </message>
    <message>
        <source>Drop files or a folder here</source>
        <translation>Solte aqui arquivos ou uma pasta</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>Escolher arquivos…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Escolher uma pasta…</translation>
    </message>
    <message>
        <source>{0}, also packed as {1}; .parquet</source>
        <translation>{0}, também compactados em {1}; .parquet</translation>
    </message>
    <message>
        <source>Addition, column by column</source>
        <translation>Adição, coluna por coluna</translation>
    </message>
    <message>
        <source>No texts at hand? A tiny model learns to add from sums that are made up: numbers of any length, in minutes.</source>
        <translation>Sem textos à mão? Um modelo minúsculo aprende a somar com contas inventadas: números de qualquer tamanho, em minutos.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Nenhuma</translation>
    </message>
    <message>
        <source>The texts are being read…</source>
        <translation>Os textos estão sendo lidos…</translation>
    </message>
    <message>
        <source>{0} documents, {1} conversations among them</source>
        <translation>{0} documentos, {1} deles conversas</translation>
    </message>
    <message>
        <source>{0} documents</source>
        <translation>{0} documentos</translation>
    </message>
    <message>
        <source>{0}; {1} characters, about {2} tokens</source>
        <translation>{0}; {1} caracteres, cerca de {2} tokens</translation>
    </message>
    <message>
        <source>At least {0}; there is more than a quick look reads.</source>
        <translation>No mínimo {0}; há mais do que uma olhada rápida lê.</translation>
    </message>
    <message>
        <source>Left out: {0} duplicates, {1} documents that are hardly text.</source>
        <translation>Ficaram de fora: {0} repetidos, {1} documentos que mal são texto.</translation>
    </message>
    <message>
        <source>Files not read, or not to their end ({0}): {1}. Chosen by itself, a file says why.</source>
        <translation>Arquivos não lidos, ou não até o fim ({0}): {1}. Escolhido sozinho, um arquivo diz o porquê.</translation>
    </message>
    <message>
        <source>There is no conversation, so every token is learnt, not the assistant&apos;s words alone.</source>
        <translation>Não há nenhuma conversa, por isso aprende-se cada token, e não só as palavras do assistente.</translation>
    </message>
    <message>
        <source>Of fewer than {0} conversations none is held out: how it does on unseen ones is not measured.</source>
        <translation>De menos de {0} conversas nenhuma fica reservada: não se mede como ele vai nas que não viu.</translation>
    </message>
    <message>
        <source>That is little text: the model will soon know it by heart. Watch the held-out loss turn up.</source>
        <translation>É pouco texto: o modelo logo o saberá de cor. Repare quando a perda nos reservados voltar a subir.</translation>
    </message>
    <message>
        <source>Texts to learn from</source>
        <translation>Textos para aprender</translation>
    </message>
    <message>
        <source>A folder of texts</source>
        <translation>Uma pasta de textos</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Renamed.</source>
        <translation>Conversa renomeada.</translation>
    </message>
    <message>
        <source>Conversation deleted.</source>
        <translation>Conversa excluída.</translation>
    </message>
    <message>
        <source>This could not be saved.</source>
        <translation>Não foi possível salvar.</translation>
    </message>
    <message>
        <source>Check that the disk is not full. What you wrote stays in the window and is tried again.</source>
        <translation>Verifique se o disco não está cheio. O que você escreveu continua na janela e será salvo na próxima tentativa.</translation>
    </message>
</context>
<context>
    <name>DivergenceStrip</name>
    <message>
        <source>Divergence along the text</source>
        <translation>Divergência ao longo do texto</translation>
    </message>
</context>
<context>
    <name>Dock</name>
    <message>
        <source>Click a word of a reply to see here what each stage does to its candidates.</source>
        <translation>Clique numa palavra de uma resposta para ver aqui o que cada etapa faz com os candidatos.</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>Amostragem</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Sampling and tokens</source>
        <translation>Amostragem e tokens</translation>
    </message>
    <message>
        <source>“{0}” is banned in this conversation from now on.</source>
        <translation>“{0}” está proibido nesta conversa a partir de agora.</translation>
    </message>
    <message>
        <source>Being written, at “{0}”: the {1} candidates that are stored with it.</source>
        <translation>Sendo escrita, em “{0}”: os {1} candidatos guardados com ele.</translation>
    </message>
    <message>
        <source>Its last token, “{0}”: the {1} candidates that are stored with it. Click a word to see another.</source>
        <translation>O último token, “{0}”: os {1} candidatos guardados com ele. Clique numa palavra para ver outro.</translation>
    </message>
    <message>
        <source>At “{0}”: all {1} tokens of the vocabulary.</source>
        <translation>Em “{0}”: todos os {1} tokens do vocabulário.</translation>
    </message>
    <message>
        <source>Computed again: the logits differ from the recorded by up to {0}.</source>
        <translation>Calculado de novo: os logits diferem dos registrados em até {0}.</translation>
    </message>
    <message>
        <source>At “{0}”: the {1} candidates that were stored with it.</source>
        <translation>Em “{0}”: os {1} candidatos guardados com ele.</translation>
    </message>
    <message>
        <source>The model is asked for the others…</source>
        <translation>Os demais estão sendo pedidos ao modelo…</translation>
    </message>
    <message>
        <source>The model is asked for the others when it has finished.</source>
        <translation>Os demais serão pedidos ao modelo quando ele terminar.</translation>
    </message>
    <message>
        <source>With the model loaded all would be shown.</source>
        <translation>Com o modelo carregado, todos apareceriam.</translation>
    </message>
    <message>
        <source>Other adapters are on than when this was written.</source>
        <translation>Estão ligados outros adaptadores do que quando isto foi escrito.</translation>
    </message>
    <message>
        <source>Another model is loaded, which cannot tell the others.</source>
        <translation>Está carregado outro modelo, que não conhece os demais.</translation>
    </message>
    <message>
        <source>What stood before it has changed since, so the others cannot be computed again.</source>
        <translation>O que vinha antes mudou desde então; os demais não podem ser recalculados.</translation>
    </message>
    <message>
        <source>The model could not tell the others.</source>
        <translation>O modelo não conseguiu calcular os demais.</translation>
    </message>
    <message>
        <source>Next token</source>
        <translation>Próximo token</translation>
    </message>
    <message>
        <source>This run</source>
        <translation>Este treino</translation>
    </message>
    <message>
        <source>With a model loaded this shows what each stage does to the candidates of the next token.</source>
        <translation>Com um modelo carregado, aqui se vê o que cada etapa faz com os candidatos ao próximo token.</translation>
    </message>
    <message>
        <source>Click a word of the text to see how likely it was, and what else was possible.</source>
        <translation>Clique numa palavra do texto para ver quão provável ela era e o que mais era possível.</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Próximo</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>At the caret, where the chain draws “{0}”: all {1} tokens of the vocabulary.</source>
        <translation>No cursor, onde a cadeia sorteia “{0}”: todos os {1} tokens do vocabulário.</translation>
    </message>
    <message>
        <source>This one is no text by itself and cannot be taken over.</source>
        <translation>Este não é texto por si só e não pode ser inserido.</translation>
    </message>
    <message>
        <source>“{0}” is banned from now on.</source>
        <translation>“{0}” está proibido a partir de agora.</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Amostras</translation>
    </message>
</context>
<context>
    <name>DocumentList</name>
    <message>
        <source>Search all documents</source>
        <translation>Buscar em todos os documentos</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Documentos</translation>
    </message>
    <message>
        <source>New document</source>
        <translation>Novo documento</translation>
    </message>
    <message>
        <source>Empty document</source>
        <translation>Documento vazio</translation>
    </message>
    <message>
        <source>Your documents will stand here.</source>
        <translation>Seus documentos ficarão aqui.</translation>
    </message>
    <message>
        <source>Found: {0}</source>
        <translation>Encontrados: {0}</translation>
    </message>
    <message>
        <source>Nothing found for “{0}”.</source>
        <translation>Nada encontrado para “{0}”.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renomear</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
</context>
<context>
    <name>Documents</name>
    <message>
        <source>Renamed.</source>
        <translation>Renomeado.</translation>
    </message>
    <message>
        <source>Document deleted.</source>
        <translation>Documento excluído.</translation>
    </message>
    <message>
        <source>This could not be saved.</source>
        <translation>Isto não pôde ser salvo.</translation>
    </message>
    <message>
        <source>Check that the disk is not full. What you wrote stays in the window and is tried again.</source>
        <translation>Verifique se o disco não está cheio. O que você escreveu continua na janela, e uma nova tentativa será feita.</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>How much has arrived</source>
        <translation>Quanto já chegou</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>Conversar com ele</translation>
    </message>
    <message>
        <source>Compare on a text…</source>
        <translation>Comparar em um texto…</translation>
    </message>
    <message>
        <source>Bits per byte of the weights as they came and of the quantised ones, on a text of yours</source>
        <translation>Bits por byte dos pesos como vieram e dos quantizados, em um texto seu</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausar</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>Cancel, and remove what has arrived</source>
        <translation>Cancelar e remover o que já chegou</translation>
    </message>
    <message>
        <source>Take it off this list; the model stays</source>
        <translation>Tirar desta lista; o modelo fica</translation>
    </message>
    <message>
        <source>Off-line mode is on: nothing is fetched</source>
        <translation>O modo off-line está ligado: nada é baixado</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Medindo…</translation>
    </message>
    <message>
        <source>{0} bits per byte before, {1} after</source>
        <translation>{0} bits por byte antes, {1} depois</translation>
    </message>
    <message>
        <source>A text to compare on</source>
        <translation>Um texto para comparar</translation>
    </message>
    <message>
        <source>Texts (*.txt *.md *.jsonl)</source>
        <translation>Textos (*.txt *.md *.jsonl)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
</context>
<context>
    <name>Drawer</name>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>Text of the document</source>
        <translation>Texto do documento</translation>
    </message>
    <message>
        <source>Type or paste anything. What the model expects next stands at the right.</source>
        <translation>Digite ou cole qualquer coisa. O que o modelo espera a seguir aparece à direita.</translation>
    </message>
    <message>
        <source>{0} bits · probability {1} · rank {2} · entropy before it {3} bits</source>
        <translation>{0} bits · probabilidade {1} · posto {2} · entropia antes dele {3} bits</translation>
    </message>
</context>
<context>
    <name>ExperimentPane</name>
    <message>
        <source>Text that the experiment runs on</source>
        <translation>Texto do experimento</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Executar</translation>
    </message>
    <message>
        <source>Vocabulary of a file…</source>
        <translation>Vocabulário de um arquivo…</translation>
    </message>
    <message>
        <source>raw, over the full vocabulary</source>
        <translation>bruta, sobre o vocabulário todo</translation>
    </message>
    <message>
        <source>after the chain</source>
        <translation>depois da cadeia</translation>
    </message>
    <message>
        <source>the loaded model</source>
        <translation>o modelo carregado</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>caracteres</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>bytes</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>Abrir um arquivo de modelo</translation>
    </message>
    <message>
        <source>Models (*.gguf);;All files (*)</source>
        <translation>Modelos (*.gguf);;Todos os arquivos (*)</translation>
    </message>
</context>
<context>
    <name>ExportPane</name>
    <message>
        <source>Checkpoint</source>
        <translation>Ponto de controle</translation>
    </message>
    <message>
        <source>Size of the weights in the file</source>
        <translation>Tamanho dos pesos no arquivo</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>Conversar com ele</translation>
    </message>
    <message>
        <source>Open in the Playground</source>
        <translation>Abrir no Laboratório</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Comparar com…</translation>
    </message>
    <message>
        <source>Over one text, in the Playground: how far apart two models lie, and where most</source>
        <translation>Sobre um texto, no Laboratório: quanto dois modelos divergem, e onde mais</translation>
    </message>
    <message>
        <source>Add two numbers</source>
        <translation>Somar dois números</translation>
    </message>
    <message>
        <source>Put beside its model</source>
        <translation>Pôr ao lado do seu modelo</translation>
    </message>
    <message>
        <source>As an adapter of the chat&apos;s model, to be switched on and off there</source>
        <translation>Como adaptador do modelo do chat, para ligar e desligar lá</translation>
    </message>
    <message>
        <source>Export as GGUF…</source>
        <translation>Exportar como GGUF…</translation>
    </message>
    <message>
        <source>The last two are kept, and the one that did best on the held-out texts. A GGUF file opens in every program that runs such models.</source>
        <translation>Os dois últimos são guardados, e o que se saiu melhor nos textos reservados. Um arquivo GGUF abre em todo programa que roda esses modelos.</translation>
    </message>
    <message>
        <source>step {0}, the best on the held-out texts</source>
        <translation>passo {0}, o melhor nos textos reservados</translation>
    </message>
    <message>
        <source>step {0}</source>
        <translation>passo {0}</translation>
    </message>
    <message>
        <source>There is no checkpoint yet; “Save now” makes one.</source>
        <translation>Ainda não há ponto de controle; “Salvar agora” cria um.</translation>
    </message>
    <message>
        <source>The file is being written and measured on the held-out texts…</source>
        <translation>O arquivo está sendo escrito e medido nos textos reservados…</translation>
    </message>
    <message>
        <source>No texts were held out from this run, so what that cost could not be measured.</source>
        <translation>Nenhum texto foi reservado neste treino, então não dá para medir o que isso custou.</translation>
    </message>
    <message>
        <source>Bits per byte on the run&apos;s held-out texts; less is better.</source>
        <translation>Bits por byte nos textos reservados do treino; menos é melhor.</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 bits</translation>
    </message>
    <message>
        <source>whole model, {0}</source>
        <translation>modelo inteiro, {0}</translation>
    </message>
    <message>
        <source>adapter alone</source>
        <translation>só o adaptador</translation>
    </message>
    <message>
        <source>{0} bits per byte</source>
        <translation>{0} bits por byte</translation>
    </message>
    <message>
        <source>{0} bits per byte without the adapter, {1} with it</source>
        <translation>{0} bits por byte sem o adaptador, {1} com ele</translation>
    </message>
    <message>
        <source>{0} bits per byte before, {1} in the file</source>
        <translation>{0} bits por byte antes, {1} no arquivo</translation>
    </message>
    <message>
        <source>step {0} of this run</source>
        <translation>passo {0} deste treino</translation>
    </message>
    <message>
        <source>what it began from: {0}</source>
        <translation>aquilo de que partiu: {0}</translation>
    </message>
    <message>
        <source>{0}, step {1}</source>
        <translation>{0}, passo {1}</translation>
    </message>
    <message>
        <source>the loaded model</source>
        <translation>o modelo carregado</translation>
    </message>
    <message>
        <source>Export the model</source>
        <translation>Exportar o modelo</translation>
    </message>
    <message>
        <source>Model (*.gguf)</source>
        <translation>Modelo (*.gguf)</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>The file could not be written.</source>
        <translation>O arquivo não pôde ser escrito.</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find in this conversation</source>
        <translation>Procurar nesta conversa</translation>
    </message>
    <message>
        <source>Previous place</source>
        <translation>Trecho anterior</translation>
    </message>
    <message>
        <source>Next place</source>
        <translation>Próximo trecho</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nada encontrado</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} de {1}</translation>
    </message>
</context>
<context>
    <name>FirstSteps</name>
    <message>
        <source>Talk to a model on your own machine</source>
        <translation>Converse com um modelo na sua própria máquina</translation>
    </message>
    <message>
        <source>A language model does one thing: it gives every possible next token a probability. Write something, then click any word of the reply to see how it was picked.</source>
        <translation>Um modelo de linguagem faz uma única coisa: dá uma probabilidade a cada próximo token possível. Escreva algo e depois clique em qualquer palavra da resposta para ver como ela foi escolhida.</translation>
    </message>
    <message>
        <source>Finish: “The quick brown fox jumps over the lazy”</source>
        <translation>Complete: “The quick brown fox jumps over the lazy”</translation>
    </message>
    <message>
        <source>Finish this sentence: The quick brown fox jumps over the lazy</source>
        <translation>Finish this sentence: The quick brown fox jumps over the lazy</translation>
    </message>
    <message>
        <source>Ask it who it is</source>
        <translation>Pergunte quem ele é</translation>
    </message>
    <message>
        <source>Who are you?</source>
        <translation>Quem é você?</translation>
    </message>
    <message>
        <source>A short story about a fox</source>
        <translation>Uma história curta sobre uma raposa</translation>
    </message>
    <message>
        <source>Tell me a short story about a fox.</source>
        <translation>Conte uma história curta sobre uma raposa.</translation>
    </message>
</context>
<context>
    <name>GpuDialog</name>
    <message>
        <source>Use a graphics card</source>
        <translation>Usar uma placa de vídeo</translation>
    </message>
    <message>
        <source>Models are computed by llama.cpp, which is built for the processor alone unless told otherwise. To use a graphics card, install it anew with the line for the card, in the environment in which Próxima is installed. It is compiled then: that takes some minutes, a C++ compiler, and the tools of the card&apos;s maker. Próxima finds the card at its next start.</source>
        <translation>Os modelos são calculados pelo llama.cpp, que é compilado só para o processador, a menos que se diga outra coisa. Para usar uma placa de vídeo, instale-o de novo com a linha correspondente à placa, no ambiente em que o Próxima está instalado. Ele é então compilado: isso leva alguns minutos e exige um compilador C++ e as ferramentas do fabricante da placa. O Próxima encontra a placa ao ser aberto de novo.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>On Windows, set CMAKE_ARGS first and then run pip. “proxima doctor” says what was found.</source>
        <translation>No Windows, defina CMAKE_ARGS antes e depois execute o pip. “proxima doctor” mostra o que foi encontrado.</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Title of the conversation</source>
        <translation>Título da conversa</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Nova conversa</translation>
    </message>
    <message>
        <source>Title of the document</source>
        <translation>Título do documento</translation>
    </message>
    <message>
        <source>New document</source>
        <translation>Novo documento</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Andamento do treino</translation>
    </message>
    <message>
        <source>{0}: {1} MB read</source>
        <translation>{0}: {1} MB lidos</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>faltam {0}</translation>
    </message>
</context>
<context>
    <name>Histogram</name>
    <message>
        <source>Tokens by surprisal in bits</source>
        <translation>Tokens por surpresa em bits</translation>
    </message>
</context>
<context>
    <name>Hub</name>
    <message>
        <source>Fits</source>
        <translation>Cabe</translation>
    </message>
    <message>
        <source>Tight</source>
        <translation>Apertado</translation>
    </message>
    <message>
        <source>Will swap</source>
        <translation>Usará o disco</translation>
    </message>
    <message>
        <source>Will not fit</source>
        <translation>Não cabe</translation>
    </message>
    <message>
        <source>It goes into the memory that is free now, with room to spare.</source>
        <translation>Cabe na memória que está livre agora, com folga.</translation>
    </message>
    <message>
        <source>It just about goes into the memory that is free now; close other programs first.</source>
        <translation>Cabe por pouco na memória que está livre agora; feche antes outros programas.</translation>
    </message>
    <message>
        <source>More than the memory that is free now: it would run, but very slowly.</source>
        <translation>É mais do que a memória que está livre agora: funcionaria, mas muito devagar.</translation>
    </message>
    <message>
        <source>More than can be had on this machine now.</source>
        <translation>Mais do que se pode ter nesta máquina agora.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Na fila</translation>
    </message>
    <message>
        <source>Fetching</source>
        <translation>Baixando</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Em pausa</translation>
    </message>
    <message>
        <source>Converting; this takes minutes</source>
        <translation>Convertendo; isso leva minutos</translation>
    </message>
    <message>
        <source>In the library, its bytes checked</source>
        <translation>Na biblioteca, com os bytes conferidos</translation>
    </message>
    <message>
        <source>{0} GB</source>
        <translation>{0} GB</translation>
    </message>
    <message>
        <source>{0} MB</source>
        <translation>{0} MB</translation>
    </message>
    <message>
        <source>{0} B parameters</source>
        <translation>{0} bi de parâmetros</translation>
    </message>
    <message>
        <source>{0} M parameters</source>
        <translation>{0} mi de parâmetros</translation>
    </message>
    <message>
        <source>fetched {0} times</source>
        <translation>baixado {0} vezes</translation>
    </message>
    <message>
        <source>fetched once</source>
        <translation>baixado uma vez</translation>
    </message>
    <message>
        <source>{0} likes</source>
        <translation>{0} curtidas</translation>
    </message>
    <message>
        <source>1 like</source>
        <translation>1 curtida</translation>
    </message>
    <message>
        <source>changed {0}</source>
        <translation>alterado em {0}</translation>
    </message>
    <message>
        <source>gated</source>
        <translation>acesso restrito</translation>
    </message>
    <message>
        <source>About {0} in the usual quantisation, of between four and five bits</source>
        <translation>Cerca de {0} na quantização usual, de quatro a cinco bits</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} com falha</translation>
    </message>
    <message>
        <source>{0} done</source>
        <translation>{0} na biblioteca</translation>
    </message>
    <message>
        <source>{0} paused</source>
        <translation>{0} em pausa</translation>
    </message>
    <message>
        <source>{0} being converted</source>
        <translation>{0} em conversão</translation>
    </message>
    <message>
        <source>{0} being fetched</source>
        <translation>{0} baixando</translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation>{0} na fila</translation>
    </message>
    <message>
        <source>{0} waiting: off-line mode is on</source>
        <translation>{0} na fila: o modo off-line está ligado</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} de {1}</translation>
    </message>
    <message>
        <source>{0}/s</source>
        <translation>{0}/s</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>faltam {0}</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} min</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} h {1} min</translation>
    </message>
    <message>
        <source>Waiting for the connection; tries again by itself</source>
        <translation>À espera da conexão; tenta de novo sozinho</translation>
    </message>
    <message>
        <source>Waiting: off-line mode is on</source>
        <translation>Na fila: o modo off-line está ligado</translation>
    </message>
    <message>
        <source>as it was trained</source>
        <translation>como foi treinado</translation>
    </message>
    <message>
        <source>hardly a difference</source>
        <translation>quase sem diferença</translation>
    </message>
    <message>
        <source>a small loss</source>
        <translation>uma perda pequena</translation>
    </message>
    <message>
        <source>a loss that is noticed</source>
        <translation>uma perda que se nota</translation>
    </message>
    <message>
        <source>a large loss</source>
        <translation>uma perda grande</translation>
    </message>
</context>
<context>
    <name>HubDownloads</name>
    <message>
        <source>Pause all</source>
        <translation>Pausar todos</translation>
    </message>
    <message>
        <source>Go on with all that are paused</source>
        <translation>Continuar todos os que estão em pausa</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Limpar os prontos</translation>
    </message>
    <message>
        <source>Take what is done off this list; the models stay</source>
        <translation>Tirar desta lista o que está pronto; os modelos ficam</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>Downloads</translation>
    </message>
</context>
<context>
    <name>HubRepository</name>
    <message>
        <source>Open its page</source>
        <translation>Abrir a página dele</translation>
    </message>
    <message>
        <source>Access token…</source>
        <translation>Token de acesso…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>Looking at what it has…</source>
        <translation>Vendo o que ele tem…</translation>
    </message>
    <message>
        <source>What runs on this machine</source>
        <translation>O que funciona nesta máquina</translation>
    </message>
    <message>
        <source>Choose a repository to see its quantisations, what they take, and which one to take.</source>
        <translation>Escolha um repositório para ver as quantizações, quanto ocupam e qual delas baixar.</translation>
    </message>
    <message>
        <source>Licence: {0}</source>
        <translation>Licença: {0}</translation>
    </message>
    <message>
        <source>It names no licence; ask its owner before you pass on what it makes.</source>
        <translation>Não informa licença; pergunte ao dono antes de repassar o que ele produzir.</translation>
    </message>
    <message>
        <source>Gated: open its page and accept the conditions there, then give an access token of your account.</source>
        <translation>Acesso restrito: abra a página, aceite as condições e depois informe um token de acesso da sua conta.</translation>
    </message>
    <message>
        <source>Gated: only those who accepted the conditions on its page can fetch from it.</source>
        <translation>Acesso restrito: só quem aceitou as condições na página pode baixar dele.</translation>
    </message>
    <message>
        <source>It has neither GGUF files nor weights that could be converted here.</source>
        <translation>Não tem arquivos GGUF nem pesos que possam ser convertidos aqui.</translation>
    </message>
    <message>
        <source>Reading the header of a model, to know what it takes…</source>
        <translation>Lendo o cabeçalho de um modelo para saber quanto ocupa…</translation>
    </message>
    <message>
        <source>Fetched whole, then converted and quantised here; what it takes is of the smallest choice.</source>
        <translation>Baixado por inteiro, depois convertido e quantizado aqui; a memória é a da menor escolha.</translation>
    </message>
    <message>
        <source>★ Recommended: it fits, and answers are good for its size.</source>
        <translation>★ Recomendado: cabe, e as respostas são boas para o tamanho.</translation>
    </message>
    <message>
        <source>Those that fit would be too slow here: more than a second for each token.</source>
        <translation>Os que cabem seriam lentos demais aqui: mais de um segundo por token.</translation>
    </message>
    <message>
        <source>None of these goes into the memory that is free now.</source>
        <translation>Nenhum destes cabe na memória que está livre agora.</translation>
    </message>
    <message>
        <source>Its header cannot be read from here, so memory and speed are judged by size alone.</source>
        <translation>O cabeçalho não pode ser lido daqui; por isso, a memória e a velocidade são estimadas só pelo tamanho.</translation>
    </message>
    <message>
        <source>The page of this repository opens in your browser.</source>
        <translation>A página deste repositório abre no seu navegador.</translation>
    </message>
</context>
<context>
    <name>HubResults</name>
    <message>
        <source>Search Hugging Face</source>
        <translation>Buscar no Hugging Face</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Ordem</translation>
    </message>
    <message>
        <source>Most fetched</source>
        <translation>Downloads</translation>
    </message>
    <message>
        <source>Most liked</source>
        <translation>Curtidas</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Smallest</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>What is looked for</source>
        <translation>O que se procura</translation>
    </message>
    <message>
        <source>Ready to run</source>
        <translation>Prontos</translation>
    </message>
    <message>
        <source>GGUF files, quantised by somebody already</source>
        <translation>Arquivos GGUF, já quantizados por alguém</translation>
    </message>
    <message>
        <source>To convert</source>
        <translation>A converter</translation>
    </message>
    <message>
        <source>Weights as they were trained, converted and quantised here</source>
        <translation>Pesos como foram treinados, convertidos e quantizados aqui</translation>
    </message>
    <message>
        <source>Fits here</source>
        <translation>Cabe aqui</translation>
    </message>
    <message>
        <source>Only models that go into the memory that is free now, as far as their size is known</source>
        <translation>Só modelos que cabem na memória livre agora, até onde se sabe o tamanho deles</translation>
    </message>
    <message>
        <source>Repositories that were found</source>
        <translation>Repositórios encontrados</translation>
    </message>
    <message>
        <source>Access token…</source>
        <translation>Token de acesso…</translation>
    </message>
    <message>
        <source>Off-line</source>
        <translation>Off-line</translation>
    </message>
    <message>
        <source>Models that are here work as ever.</source>
        <translation>Os modelos que já estão aqui funcionam como sempre.</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Buscando…</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Sem resposta</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>Type a name, such as SmolLM2, Qwen3 or Llama, or see what is fetched most.</source>
        <translation>Digite um nome, como SmolLM2, Qwen3 ou Llama, ou veja o que mais se baixa.</translation>
    </message>
    <message>
        <source>Find a model</source>
        <translation>Encontre um modelo</translation>
    </message>
    <message>
        <source>What is fetched most</source>
        <translation>O que mais se baixa</translation>
    </message>
    <message>
        <source>Nothing fits</source>
        <translation>Nada cabe</translation>
    </message>
    <message>
        <source>What was found is too large for this machine.</source>
        <translation>O que foi encontrado é grande demais para esta máquina.</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nada encontrado</translation>
    </message>
    <message>
        <source>The Hub lists none.</source>
        <translation>O Hub não lista nenhum.</translation>
    </message>
    <message>
        <source>No model that runs here is called “{0}”.</source>
        <translation>Nenhum modelo que funcione aqui se chama “{0}”.</translation>
    </message>
</context>
<context>
    <name>HubSection</name>
    <message>
        <source>Width of the list of repositories</source>
        <translation>Largura da lista de repositórios</translation>
    </message>
    <message>
        <source>Off-line mode is on: nothing is searched, nothing is fetched. Models that are here work as ever.</source>
        <translation>O modo off-line está ligado: nada é buscado, nada é baixado. Os modelos que já estão aqui funcionam como sempre.</translation>
    </message>
    <message>
        <source>HF_HUB_OFFLINE is set: nothing is searched, nothing is fetched. Models that are here work as ever.</source>
        <translation>HF_HUB_OFFLINE está definida: nada é buscado, nada é baixado. Os modelos que já estão aqui funcionam como sempre.</translation>
    </message>
    <message>
        <source>Go on-line</source>
        <translation>Ficar on-line</translation>
    </message>
</context>
<context>
    <name>HubWorker</name>
    <message>
        <source>The process that speaks with the Hub ended unexpectedly ({0}).</source>
        <translation>O processo que fala com o Hub terminou inesperadamente ({0}).</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Models of other programs</source>
        <translation>Modelos de outros programas</translation>
    </message>
    <message>
        <source>Próxima looks into the folders in which LM Studio, Ollama, GPT4All, Jan and the Hugging Face cache keep their models on this machine. Models are used where they lie: nothing is copied, changed or sent.</source>
        <translation>O Próxima olha as pastas em que o LM Studio, o Ollama, o GPT4All, o Jan e o cache do Hugging Face guardam seus modelos nesta máquina. Os modelos são usados onde estão: nada é copiado, alterado ou enviado.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>Looking</source>
        <translation>Procurando</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
    <message>
        <source>None of these programs has a model here. GGUF files can be dropped on the Models page.</source>
        <translation>Nenhum desses programas tem um modelo aqui. Arquivos GGUF podem ser soltos na página Modelos.</translation>
    </message>
    <message>
        <source>{0} found, {1} of them not in your library yet.</source>
        <translation>{0} encontrados, {1} deles ainda fora da sua biblioteca.</translation>
    </message>
    <message>
        <source>All of them are in your library already.</source>
        <translation>Todos já estão na sua biblioteca.</translation>
    </message>
    <message>
        <source>Look for them</source>
        <translation>Procurar</translation>
    </message>
    <message>
        <source>Add {0} models</source>
        <translation>Adicionar {0} modelos</translation>
    </message>
    <message>
        <source>Add 1 model</source>
        <translation>Adicionar 1 modelo</translation>
    </message>
</context>
<context>
    <name>InferenceWorker</name>
    <message>
        <source>Stopped.</source>
        <translation>Interrompido.</translation>
    </message>
    <message>
        <source>The model&apos;s process ended ({0}).</source>
        <translation>O processo do modelo terminou ({0}).</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>{0} GB</source>
        <translation>{0} GB</translation>
    </message>
    <message>
        <source>{0} MB</source>
        <translation>{0} MB</translation>
    </message>
    <message>
        <source>{0} kB</source>
        <translation>{0} kB</translation>
    </message>
    <message>
        <source>{0} B parameters</source>
        <translation>{0} bi de parâmetros</translation>
    </message>
    <message>
        <source>{0} M parameters</source>
        <translation>{0} mi de parâmetros</translation>
    </message>
    <message>
        <source>{0} parameters</source>
        <translation>{0} parâmetros</translation>
    </message>
    <message>
        <source>Built-in model</source>
        <translation>Modelo embutido</translation>
    </message>
    <message>
        <source>its file is not there any more</source>
        <translation>o arquivo não está mais lá</translation>
    </message>
    <message>
        <source>cannot be loaded</source>
        <translation>não pode ser carregado</translation>
    </message>
    <message>
        <source>failed {0} times in a row</source>
        <translation>falhou {0} vezes seguidas</translation>
    </message>
    <message>
        <source>its chat template changed</source>
        <translation>seu template de conversa mudou</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nunca</translation>
    </message>
    <message>
        <source>today</source>
        <translation>hoje</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>ontem</translation>
    </message>
    <message>
        <source>Came with Próxima</source>
        <translation>Veio com o Próxima</translation>
    </message>
    <message>
        <source>Fetched from the Hub</source>
        <translation>Baixado do Hub</translation>
    </message>
    <message>
        <source>Trained here</source>
        <translation>Treinado aqui</translation>
    </message>
    <message>
        <source>Lies elsewhere on this machine</source>
        <translation>Está em outro lugar desta máquina</translation>
    </message>
    <message>
        <source>from the Hub</source>
        <translation>do Hub</translation>
    </message>
    <message>
        <source>models folder</source>
        <translation>pasta de modelos</translation>
    </message>
    <message>
        <source>trained here</source>
        <translation>treinado aqui</translation>
    </message>
    <message>
        <source>elsewhere</source>
        <translation>em outro lugar</translation>
    </message>
    <message>
        <source>Put into the models folder by hand</source>
        <translation>Colocado à mão na pasta de modelos</translation>
    </message>
    <message>
        <source>Fetched by {0}, used where it lies</source>
        <translation>Baixado pelo {0}, usado onde está</translation>
    </message>
</context>
<context>
    <name>LibraryWorker</name>
    <message>
        <source>The process that reads model files ended unexpectedly ({0}).</source>
        <translation>O processo que lê os arquivos de modelos terminou de repente ({0}).</translation>
    </message>
</context>
<context>
    <name>LineChart</name>
    <message>
        <source>step {0}</source>
        <translation>passo {0}</translation>
    </message>
    <message>
        <source>no values yet</source>
        <translation>ainda sem valores</translation>
    </message>
</context>
<context>
    <name>Links</name>
    <message>
        <source>Open this address?</source>
        <translation>Abrir este endereço?</translation>
    </message>
    <message>
        <source>The reply links to this address. It opens in your browser.</source>
        <translation>A resposta aponta para este endereço. Ele será aberto no seu navegador.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Copiar endereço</translation>
    </message>
</context>
<context>
    <name>Loading</name>
    <message>
        <source>{0} tokens/s, measured on this machine.</source>
        <translation>{0} tokens/s, medidos nesta máquina.</translation>
    </message>
    <message>
        <source>About {0} tokens/s expected, going by {1}.</source>
        <translation>Cerca de {0} tokens/s esperados, segundo {1}.</translation>
    </message>
    <message>
        <source>Very roughly {0} tokens/s expected, going by {1}, which is of quite another size.</source>
        <translation>Grosso modo, {0} tokens/s esperados, segundo {1}, que é de tamanho bem diferente.</translation>
    </message>
    <message>
        <source>the built-in model</source>
        <translation>o modelo embutido</translation>
    </message>
    <message>
        <source>It reads a prompt at about {0} tokens/s.</source>
        <translation>Lê um prompt a cerca de {0} tokens/s.</translation>
    </message>
    <message>
        <source>At the end of a full context it is roughly {0} tokens/s.</source>
        <translation>No fim de um contexto cheio são cerca de {0} tokens/s.</translation>
    </message>
    <message>
        <source>How fast it is will be known after its first load.</source>
        <translation>A velocidade será conhecida depois que ele for carregado pela primeira vez.</translation>
    </message>
    <message>
        <source>{0} tokens/s</source>
        <translation>{0} tokens/s</translation>
    </message>
    <message>
        <source>about {0} tokens/s</source>
        <translation>cerca de {0} tokens/s</translation>
    </message>
    <message>
        <source>very roughly {0} tokens/s</source>
        <translation>grosso modo {0} tokens/s</translation>
    </message>
    <message>
        <source>The processor computes all of it.</source>
        <translation>O processador calcula tudo.</translation>
    </message>
    <message>
        <source>All of it is computed on {0}.</source>
        <translation>Tudo é calculado em {0}.</translation>
    </message>
    <message>
        <source>{0} of {1} layers are computed on {2}, the others by the processor.</source>
        <translation>{0} de {1} camadas são calculadas em {2}, as outras pelo processador.</translation>
    </message>
    <message>
        <source>{0} of its {1} are needed there.</source>
        <translation>Lá são necessários {0} dos {1} livres.</translation>
    </message>
    <message>
        <source>A context of {0} tokens is longer than the {1} that the model was trained with: what lies beyond them it reads badly.</source>
        <translation>Um contexto de {0} tokens é maior que os {1} com que o modelo foi treinado: o que passa disso ele lê mal.</translation>
    </message>
    <message>
        <source>{0} threads are more than twice the {1} cores of this machine: that makes it slower.</source>
        <translation>{0} threads são mais que o dobro dos {1} núcleos desta máquina: isso deixa tudo mais lento.</translation>
    </message>
    <message>
        <source>Corrected by what such models took here before (× {0}).</source>
        <translation>Corrigido pelo que modelos assim ocuparam aqui antes (× {0}).</translation>
    </message>
    <message>
        <source>At its last load it took {0}; {1} were estimated for that, without buffers.</source>
        <translation>Ao ser carregado pela última vez, ocupou {0}; a estimativa para isso, sem áreas de trabalho, era {1}.</translation>
    </message>
</context>
<context>
    <name>LoadingForm</name>
    <message>
        <source>How it is loaded</source>
        <translation>Como ele é carregado</translation>
    </message>
    <message>
        <source>Everything automatic again</source>
        <translation>Voltar tudo ao automático</translation>
    </message>
    <message>
        <source>Layers on the graphics card</source>
        <translation>Camadas na placa de vídeo</translation>
    </message>
    <message>
        <source>As many as its memory holds is fastest; 0 leaves everything to the processor.</source>
        <translation>O mais rápido é tantas quantas couberem na memória dela; 0 deixa tudo para o processador.</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Tamanho do contexto</translation>
    </message>
    <message>
        <source>How many tokens of the conversation the model can see; more takes more memory.</source>
        <translation>Quantos tokens da conversa o modelo consegue ver; mais ocupa mais memória.</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>How many threads of the processor compute; more than it has cores makes it slower.</source>
        <translation>Quantas threads do processador calculam; mais do que os núcleos que ele tem deixa tudo mais lento.</translation>
    </message>
    <message>
        <source>Tokens read at once</source>
        <translation>Tokens lidos de uma vez</translation>
    </message>
    <message>
        <source>How much of a prompt is computed in one go; more is faster up to a point and takes more memory.</source>
        <translation>Quanto de um prompt é calculado de uma vez; mais é mais rápido até certo ponto e ocupa mais memória.</translation>
    </message>
    <message>
        <source>Type of the key-value cache</source>
        <translation>Tipo do cache de chaves e valores</translation>
    </message>
    <message>
        <source>Fewer bits hold a longer context in the same memory, and cost a little quality.</source>
        <translation>Com menos bits, um contexto maior cabe na mesma memória, ao custo de um pouco de qualidade.</translation>
    </message>
    <message>
        <source>Flash attention</source>
        <translation>Flash attention</translation>
    </message>
    <message>
        <source>Computes attention in smaller pieces; without it a long context takes much more memory.</source>
        <translation>Calcula a atenção em partes menores; sem isso, um contexto longo ocupa muito mais memória.</translation>
    </message>
    <message>
        <source>Weights in memory</source>
        <translation>Pesos na memória</translation>
    </message>
    <message>
        <source>Mapped from the file they come and go as needed; locked, nothing else can push them out.</source>
        <translation>Mapeados do arquivo, vêm e vão conforme a necessidade; travados, nada consegue tirá-los de lá.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
    <message>
        <source>Automatic ({0})</source>
        <translation>Automático ({0})</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Ligada</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Desligada</translation>
    </message>
    <message>
        <source>Mapped from the file</source>
        <translation>Mapeados do arquivo</translation>
    </message>
    <message>
        <source>Copied into memory</source>
        <translation>Copiados para a memória</translation>
    </message>
    <message>
        <source>Mapped and locked</source>
        <translation>Mapeados e travados</translation>
    </message>
</context>
<context>
    <name>LoadingPane</name>
    <message>
        <source>Memory and speed</source>
        <translation>Memória e velocidade</translation>
    </message>
    <message>
        <source>How to use a graphics card…</source>
        <translation>Como usar uma placa de vídeo…</translation>
    </message>
    <message>
        <source>Looking at the model…</source>
        <translation>Examinando o modelo…</translation>
    </message>
    <message>
        <source>Load again</source>
        <translation>Carregar de novo</translation>
    </message>
    <message>
        <source>Load now</source>
        <translation>Carregar agora</translation>
    </message>
    <message>
        <source>It is loaded in another way now; what is set here is for its next load.</source>
        <translation>Agora ele está carregado de outro modo; o que está definido aqui vale na próxima vez.</translation>
    </message>
    <message>
        <source>What is set here is kept for this model, and used whenever it is loaded.</source>
        <translation>O que se define aqui fica guardado para este modelo e vale sempre que ele for carregado.</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Pesos</translation>
    </message>
    <message>
        <source>Key-value cache</source>
        <translation>Cache de chaves e valores</translation>
    </message>
    <message>
        <source>Buffers and the rest</source>
        <translation>Áreas de trabalho e o resto</translation>
    </message>
    <message>
        <source>free now: {0}</source>
        <translation>livre agora: {0}</translation>
    </message>
    <message>
        <source>{0} are needed, {1} are free.</source>
        <translation>São necessários {0}; {1} estão livres.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>What do you want to do? Actions, conversations, models</source>
        <translation>O que você quer fazer? Ações, conversas, modelos</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Comandos</translation>
    </message>
    <message>
        <source>Find a shortcut</source>
        <translation>Procurar um atalho</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Atalhos</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Arquivo</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Editar</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>E&amp;xibir</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>Aj&amp;uda</translation>
    </message>
    <message>
        <source>Undo the last thing</source>
        <translation>Desfazer a última ação</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>Paleta de comandos…</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Tela cheia</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Sair</translation>
    </message>
    <message>
        <source>About Próxima</source>
        <translation>Sobre o Próxima</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Não há nada para desfazer.</translation>
    </message>
</context>
<context>
    <name>ManualBar</name>
    <message>
        <source>Choose the next token</source>
        <translation>Escolha o próximo token</translation>
    </message>
    <message>
        <source>Let the chain draw</source>
        <translation>Deixar a cadeia sortear</translation>
    </message>
    <message>
        <source>Take a token back</source>
        <translation>Retirar um token</translation>
    </message>
    <message>
        <source>Go on by itself</source>
        <translation>Seguir sozinho</translation>
    </message>
    <message>
        <source>End here</source>
        <translation>Terminar aqui</translation>
    </message>
    <message>
        <source>raw {0}, after the chain {1}</source>
        <translation>bruta {0}, depois da cadeia {1}</translation>
    </message>
    <message>
        <source>The model weighs what comes next…</source>
        <translation>O modelo avalia o que vem a seguir…</translation>
    </message>
    <message>
        <source>Choose the next token with 1 to {0}. Space lets the chain draw, Backspace takes one back.</source>
        <translation>Escolha o próximo token com 1 a {0}. Espaço deixa a cadeia sortear, Backspace retira um.</translation>
    </message>
    <message>
        <source>No candidates are recorded (Settings); Space lets the chain draw.</source>
        <translation>Nenhum candidato é registrado (Ajustes); Espaço deixa a cadeia sortear.</translation>
    </message>
</context>
<context>
    <name>MarkdownDocument</name>
    <message>
        <source>Thinking</source>
        <translation>Pensando</translation>
    </message>
    <message>
        <source>Thoughts</source>
        <translation>Pensamentos</translation>
    </message>
</context>
<context>
    <name>MessageColumn</name>
    <message>
        <source>To the end</source>
        <translation>Ao fim</translation>
    </message>
</context>
<context>
    <name>MessageCommands</name>
    <message>
        <source>Copy message</source>
        <translation>Copiar mensagem</translation>
    </message>
    <message>
        <source>Edit message</source>
        <translation>Editar mensagem</translation>
    </message>
    <message>
        <source>Write another reply</source>
        <translation>Escrever outra resposta</translation>
    </message>
    <message>
        <source>Continue the reply</source>
        <translation>Continuar a resposta</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>Versão anterior</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Próxima versão</translation>
    </message>
    <message>
        <source>Compare with another version</source>
        <translation>Comparar com outra versão</translation>
    </message>
    <message>
        <source>Show or hide the thoughts</source>
        <translation>Mostrar ou esconder os pensamentos</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>Copiar o código</translation>
    </message>
    <message>
        <source>Check that it comes out the same</source>
        <translation>Verificar se sai igual</translation>
    </message>
    <message>
        <source>Export the reply with its tokens…</source>
        <translation>Exportar a resposta com os seus tokens…</translation>
    </message>
    <message>
        <source>Delete message</source>
        <translation>Excluir mensagem</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copiado.</translation>
    </message>
    <message>
        <source>There are no thoughts in this message.</source>
        <translation>Não há pensamentos nesta mensagem.</translation>
    </message>
    <message>
        <source>There is no code in this message.</source>
        <translation>Não há código nesta mensagem.</translation>
    </message>
</context>
<context>
    <name>MessageEditor</name>
    <message>
        <source>Text of the message</source>
        <translation>Texto da mensagem</translation>
    </message>
    <message>
        <source>The original is kept as a branch.</source>
        <translation>O original fica guardado como um ramo.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>MessageFooter</name>
    <message>
        <source>Click any word to see how likely it was, and what else it could have been.</source>
        <translation>Clique em qualquer palavra para ver quão provável ela era e o que mais poderia ter sido.</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Copiar detalhes</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Waiting for the model…</source>
        <translation>Esperando o modelo…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>No reply yet.</source>
        <translation>Ainda sem resposta.</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>Responder</translation>
    </message>
    <message>
        <source>The reply could not be written.</source>
        <translation>Não foi possível escrever a resposta.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Interrompido.</translation>
    </message>
    <message>
        <source>This reply was interrupted. What had arrived is kept.</source>
        <translation>Esta resposta foi interrompida. O que já tinha chegado foi guardado.</translation>
    </message>
    <message>
        <source>The reply reached its maximum length.</source>
        <translation>A resposta chegou ao tamanho máximo.</translation>
    </message>
    <message>
        <source>The context is full: the model cannot see any more text.</source>
        <translation>O contexto está cheio: o modelo não consegue ver mais texto.</translation>
    </message>
    <message>
        <source>Begin a new conversation, or load the model with a longer context (Settings).</source>
        <translation>Comece uma nova conversa ou carregue o modelo com um contexto maior (Ajustes).</translation>
    </message>
</context>
<context>
    <name>MessageHeader</name>
    <message>
        <source>Copy message</source>
        <translation>Copiar mensagem</translation>
    </message>
    <message>
        <source>Edit message</source>
        <translation>Editar mensagem</translation>
    </message>
    <message>
        <source>Write another reply</source>
        <translation>Escrever outra resposta</translation>
    </message>
    <message>
        <source>Delete message</source>
        <translation>Excluir mensagem</translation>
    </message>
</context>
<context>
    <name>MessageView</name>
    <message>
        <source>You</source>
        <translation>Você</translation>
    </message>
    <message>
        <source>Próxima</source>
        <translation>Próxima</translation>
    </message>
    <message>
        <source>branch at “{0}”, {1}</source>
        <translation>ramo em “{0}”, {1}</translation>
    </message>
    <message>
        <source>as the model reads it, with the template&apos;s tokens</source>
        <translation>como o modelo a lê, com os tokens do template</translation>
    </message>
    <message>
        <source>left out: did not fit into the context</source>
        <translation>fora: não coube no contexto</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>Undo</source>
        <translation>Desfazer</translation>
    </message>
    <message>
        <source>Something went wrong inside Próxima. Your conversations are safe.</source>
        <translation>Algo deu errado dentro do Próxima. Suas conversas estão a salvo.</translation>
    </message>
</context>
<context>
    <name>ModelCardView</name>
    <message>
        <source>Chat with it</source>
        <translation>Conversar com ele</translation>
    </message>
    <message>
        <source>Make it a favourite</source>
        <translation>Tornar favorito</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>Mostrar a pasta</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>What is known of the model</source>
        <translation>O que se sabe do modelo</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadados</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Chave</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>Tensores</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Visão geral</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>Template</translation>
    </message>
    <message>
        <source>Your models</source>
        <translation>Seus modelos</translation>
    </message>
    <message>
        <source>Choose one to see what it is, or drop a GGUF file here.</source>
        <translation>Escolha um para ver o que ele é, ou solte um arquivo GGUF aqui.</translation>
    </message>
    <message>
        <source>No favourite any more</source>
        <translation>Não é mais favorito</translation>
    </message>
    <message>
        <source>Take it off the list</source>
        <translation>Tirar da lista</translation>
    </message>
    <message>
        <source>It ended the process that it ran in several times in a row. Its file may be damaged: fetch it again.</source>
        <translation>Ele derrubou várias vezes seguidas o processo em que rodava. O arquivo pode estar danificado: baixe-o de novo.</translation>
    </message>
</context>
<context>
    <name>ModelLink</name>
    <message>
        <source>Built-in model</source>
        <translation>Modelo embutido</translation>
    </message>
    <message>
        <source>There is no model to reply.</source>
        <translation>Não há modelo para responder.</translation>
    </message>
    <message>
        <source>Choose one at the top.</source>
        <translation>Escolha um no alto da página.</translation>
    </message>
    <message>
        <source>The model stopped working several times in a row ({0}), so it was not loaded again.</source>
        <translation>O modelo parou de funcionar várias vezes seguidas ({0}) e por isso não foi carregado de novo.</translation>
    </message>
    <message>
        <source>Choose another model, or load it again at the top.</source>
        <translation>Escolha outro modelo ou carregue-o de novo no alto da página.</translation>
    </message>
    <message>
        <source>The model stopped working ({0}). It is being loaded again; nothing of the conversation is lost.</source>
        <translation>O modelo parou de funcionar ({0}). Ele está sendo carregado de novo; nada da conversa se perdeu.</translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>Search the models on this machine</source>
        <translation>Buscar nos modelos desta máquina</translation>
    </message>
    <message>
        <source>Order of the models</source>
        <translation>Ordem dos modelos</translation>
    </message>
    <message>
        <source>Last used first</source>
        <translation>Usados por último primeiro</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Por nome</translation>
    </message>
    <message>
        <source>Largest on disk first</source>
        <translation>Maiores no disco primeiro</translation>
    </message>
    <message>
        <source>Most parameters first</source>
        <translation>Mais parâmetros primeiro</translation>
    </message>
    <message>
        <source>Models on this machine</source>
        <translation>Modelos nesta máquina</translation>
    </message>
    <message>
        <source>Add model files</source>
        <translation>Adicionar arquivos de modelo</translation>
    </message>
    <message>
        <source>Models of other programs…</source>
        <translation>Modelos de outros programas…</translation>
    </message>
    <message>
        <source>Looking at what is on this machine…</source>
        <translation>Vendo o que há nesta máquina…</translation>
    </message>
    <message>
        <source>Nothing found for “{0}”.</source>
        <translation>Nada encontrado para “{0}”.</translation>
    </message>
    <message>
        <source>No models.</source>
        <translation>Nenhum modelo.</translation>
    </message>
    <message>
        <source>The built-in model is tiny. Larger ones answer far better, and this page says beforehand which run here.</source>
        <translation>O modelo embutido é minúsculo. Modelos maiores respondem muito melhor, e esta página diz antes quais rodam aqui.</translation>
    </message>
    <message>
        <source>Find models on Hugging Face</source>
        <translation>Buscar modelos no Hugging Face</translation>
    </message>
    <message>
        <source>Use models of other programs…</source>
        <translation>Usar modelos de outros programas…</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Em uso</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>Conversar com ele</translation>
    </message>
    <message>
        <source>No favourite any more</source>
        <translation>Não é mais favorito</translation>
    </message>
    <message>
        <source>Make it a favourite</source>
        <translation>Tornar favorito</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>Mostrar a pasta</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>Take it off the list</source>
        <translation>Tirar da lista</translation>
    </message>
    <message>
        <source>Add a folder of models</source>
        <translation>Adicionar uma pasta de modelos</translation>
    </message>
</context>
<context>
    <name>ModelPicker</name>
    <message>
        <source>Loading the model</source>
        <translation>Carregando o modelo</translation>
    </message>
    <message>
        <source>Cancel loading</source>
        <translation>Cancelar o carregamento</translation>
    </message>
    <message>
        <source>It ended its process several times in a row.</source>
        <translation>Ele derrubou seu processo várias vezes seguidas.</translation>
    </message>
    <message>
        <source>Adapters…</source>
        <translation>Adaptadores…</translation>
    </message>
    <message>
        <source>All models…</source>
        <translation>Todos os modelos…</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>Abrir um arquivo de modelo…</translation>
    </message>
    <message>
        <source>Open a model folder…</source>
        <translation>Abrir uma pasta de modelo…</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>Abrir um arquivo de modelo</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>Modelos (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>Abrir uma pasta de modelo</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Iniciando…</translation>
    </message>
    <message>
        <source>Loading: {0}</source>
        <translation>Carregando: {0}</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Escolha um modelo</translation>
    </message>
    <message>
        <source>Model: {0}</source>
        <translation>Modelo: {0}</translation>
    </message>
    <message>
        <source>Choose another model</source>
        <translation>Escolher outro modelo</translation>
    </message>
</context>
<context>
    <name>ModelStep</name>
    <message>
        <source>Which model learns</source>
        <translation>Qual modelo aprende</translation>
    </message>
    <message>
        <source>A new one, from scratch</source>
        <translation>Um novo, do zero</translation>
    </message>
    <message>
        <source>It knows nothing yet and learns your texts alone.</source>
        <translation>Ainda não sabe nada e aprende só os seus textos.</translation>
    </message>
    <message>
        <source>One that knows something already</source>
        <translation>Um que já sabe alguma coisa</translation>
    </message>
    <message>
        <source>It keeps what it knows and learns your texts on top: minutes instead of hours.</source>
        <translation>Mantém o que sabe e aprende os seus textos por cima: minutos em vez de horas.</translation>
    </message>
    <message>
        <source>Measure the speed here (5 seconds)</source>
        <translation>Medir a velocidade aqui (5 segundos)</translation>
    </message>
    <message>
        <source>letter by letter</source>
        <translation>letra por letra</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>Parameters, memory, and about how long once the speed is known. More learn more.</source>
        <translation>Parâmetros, memória e o tempo aproximado quando a velocidade é conhecida. Mais aprendem mais.</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Largura</translation>
    </message>
    <message>
        <source>Numbers that carry what is known of each token.</source>
        <translation>Números que carregam o que se sabe de cada token.</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Camadas</translation>
    </message>
    <message>
        <source>How many times the tokens look at each other.</source>
        <translation>Quantas vezes os tokens olham uns para os outros.</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>Cabeças</translation>
    </message>
    <message>
        <source>Looks at once in a layer; they share the width evenly.</source>
        <translation>Olhares ao mesmo tempo em uma camada; dividem a largura por igual.</translation>
    </message>
    <message>
        <source>Inner width</source>
        <translation>Largura interna</translation>
    </message>
    <message>
        <source>Numbers inside the feed-forward part of a layer.</source>
        <translation>Números dentro da parte feed-forward de uma camada.</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Letters make tiny models learn spelling; else pieces of words.</source>
        <translation>Com letras, modelos minúsculos aprendem a grafia; senão, pedaços de palavras.</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>Vocabulário</translation>
    </message>
    <message>
        <source>How many pieces of words it has; they are learnt from your texts.</source>
        <translation>Quantos pedaços de palavras ele tem; são aprendidos dos seus textos.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>The built-in one, a run of yours, or a GGUF file.</source>
        <translation>O embutido, um treino seu ou um arquivo GGUF.</translation>
    </message>
    <message>
        <source>What learns</source>
        <translation>O que aprende</translation>
    </message>
    <message>
        <source>An adapter (LoRA) is small, quick, and can be switched off; all weights can learn more.</source>
        <translation>Um adaptador (LoRA) é pequeno, rápido e pode ser desligado; todos os pesos podem aprender mais.</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Posto</translation>
    </message>
    <message>
        <source>Size of the adapter: 4 for a tone, 32 for knowledge.</source>
        <translation>Tamanho do adaptador: 4 para um tom, 32 para conhecimento.</translation>
    </message>
    <message>
        <source>An adapter</source>
        <translation>Um adaptador</translation>
    </message>
    <message>
        <source>All weights</source>
        <translation>Todos os pesos</translation>
    </message>
    <message>
        <source>Own shape</source>
        <translation>Forma própria</translation>
    </message>
    <message>
        <source>{0} parameters, about {1} of memory while it learns</source>
        <translation>{0} parâmetros, cerca de {1} de memória enquanto aprende</translation>
    </message>
    <message>
        <source>The speed is being measured…</source>
        <translation>A velocidade está sendo medida…</translation>
    </message>
    <message>
        <source>Measured: {0} on {1}, {2} of memory; the plan would take about {3}.</source>
        <translation>Medido: {0} em {1}, {2} de memória; o plano levaria cerca de {3}.</translation>
    </message>
    <message>
        <source>By the speed of another size, the plan would take about {0}.</source>
        <translation>Pela velocidade de outro tamanho, o plano levaria cerca de {0}.</translation>
    </message>
    <message>
        <source>Built-in model</source>
        <translation>Modelo embutido</translation>
    </message>
    <message>
        <source>Run: {0}</source>
        <translation>Treino: {0}</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Escolher um arquivo…</translation>
    </message>
    <message>
        <source>A model to train on</source>
        <translation>Um modelo para continuar treinando</translation>
    </message>
    <message>
        <source>Model (*.gguf)</source>
        <translation>Modelo (*.gguf)</translation>
    </message>
</context>
<context>
    <name>ModelTable</name>
    <message>
        <source>Quantisation</source>
        <translation>Quantização</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>Na memória</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Nesta máquina</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Tokens/s</translation>
    </message>
    <message>
        <source>Quantisations</source>
        <translation>Quantizações</translation>
    </message>
    <message>
        <source>Weights as they were trained</source>
        <translation>Pesos como foram treinados</translation>
    </message>
    <message>
        <source>Convert…</source>
        <translation>Converter…</translation>
    </message>
    <message>
        <source>{0} in {1} files</source>
        <translation>{0} em {1} arquivos</translation>
    </message>
    <message>
        <source>{0}, recommended</source>
        <translation>{0}, recomendado</translation>
    </message>
    <message>
        <source>Give an access token first: this repository is gated.</source>
        <translation>Informe antes um token de acesso: este repositório é restrito.</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>Conversar com ele</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>In the queue</source>
        <translation>Na fila</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Baixar</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Width of the list of models</source>
        <translation>Largura da lista de modelos</translation>
    </message>
    <message>
        <source>Models on this machine, or on Hugging Face</source>
        <translation>Modelos nesta máquina ou no Hugging Face</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Nesta máquina</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Delete the model in the list, or take it off</source>
        <translation>Excluir o modelo da lista, ou tirá-lo dela</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
    <message>
        <source>Fetch the marked quantisation of a repository, or chat with it</source>
        <translation>Baixar a quantização marcada de um repositório, ou conversar com ela</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Add model files</source>
        <translation>Adicionar arquivos de modelo</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>Modelos (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
    <message>
        <source>Add a folder of models</source>
        <translation>Adicionar uma pasta de modelos</translation>
    </message>
    <message>
        <source>The folder could not be opened: {0}</source>
        <translation>Não foi possível abrir a pasta: {0}</translation>
    </message>
    <message>
        <source>Models of other programs…</source>
        <translation>Modelos de outros programas…</translation>
    </message>
    <message>
        <source>Chat with the shown model</source>
        <translation>Conversar com o modelo mostrado</translation>
    </message>
    <message>
        <source>Turn the favourite on or off</source>
        <translation>Tornar favorito ou não</translation>
    </message>
    <message>
        <source>Delete the shown model, or take it off the list</source>
        <translation>Excluir o modelo mostrado, ou tirá-lo da lista</translation>
    </message>
    <message>
        <source>Show the folder of the shown model</source>
        <translation>Mostrar a pasta do modelo mostrado</translation>
    </message>
    <message>
        <source>Search the models on this machine</source>
        <translation>Buscar nos modelos desta máquina</translation>
    </message>
</context>
<context>
    <name>ModelsState</name>
    <message>
        <source>“{0}” was taken off the list; its file stays where it is.</source>
        <translation>“{0}” saiu da lista; o arquivo continua onde está.</translation>
    </message>
    <message>
        <source>“{0}” was deleted.</source>
        <translation>“{0}” foi excluído.</translation>
    </message>
    <message>
        <source>{0} models were added; their files stay where they are.</source>
        <translation>{0} modelos foram adicionados; os arquivos continuam onde estão.</translation>
    </message>
</context>
<context>
    <name>MoreOfThePlan</name>
    <message>
        <source>More: learning rate over time, what keeps it steady, what it computes with</source>
        <translation>Mais: a taxa ao longo do tempo, o que dá firmeza, com o que se calcula</translation>
    </message>
    <message>
        <source>a tenth, at most 100</source>
        <translation>um décimo, até 100</translation>
    </message>
    <message>
        <source>Learning rate over time</source>
        <translation>Taxa de aprendizado no tempo</translation>
    </message>
    <message>
        <source>Large corrections at first and small ones at the end, which settles what was learnt.</source>
        <translation>Correções grandes no começo e pequenas no fim, o que assenta o que foi aprendido.</translation>
    </message>
    <message>
        <source>Warm-up steps</source>
        <translation>Passos de aquecimento</translation>
    </message>
    <message>
        <source>The rate rises over so many steps, or the start is rough.</source>
        <translation>A taxa sobe ao longo desses passos; sem isso o começo é turbulento.</translation>
    </message>
    <message>
        <source>Rate at the end</source>
        <translation>Taxa no fim</translation>
    </message>
    <message>
        <source>As a part of the learning rate; 0 is none at all.</source>
        <translation>Como parte da taxa de aprendizado; 0 é nenhuma.</translation>
    </message>
    <message>
        <source>Muon&apos;s learning rate</source>
        <translation>Taxa de aprendizado do Muon</translation>
    </message>
    <message>
        <source>For the matrices of the layers; the learning rate above is that of all the rest.</source>
        <translation>Para as matrizes das camadas; a taxa de aprendizado acima é a de todo o resto.</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>Decaimento dos pesos</translation>
    </message>
    <message>
        <source>Pulls the weights towards zero a little, against learning by heart.</source>
        <translation>Puxa os pesos um pouco para zero, para que não decore.</translation>
    </message>
    <message>
        <source>Gradient clipping</source>
        <translation>Corte do gradiente</translation>
    </message>
    <message>
        <source>A longer gradient is cut to this length, so that one odd text breaks nothing.</source>
        <translation>Um gradiente mais longo é cortado neste comprimento, para que um texto estranho não estrague nada.</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>Dropout</translation>
    </message>
    <message>
        <source>This share is left out at random; helps where the texts are seen many times.</source>
        <translation>Esta parte é deixada de fora ao acaso; ajuda quando os textos são vistos muitas vezes.</translation>
    </message>
    <message>
        <source>Gradients added up</source>
        <translation>Gradientes somados</translation>
    </message>
    <message>
        <source>So many groups of rows make one correction: a larger step without more memory.</source>
        <translation>Tantos grupos de linhas fazem uma correção: um passo maior sem mais memória.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Semente</translation>
    </message>
    <message>
        <source>Another number begins with other weights and another order.</source>
        <translation>Outro número começa com outros pesos e em outra ordem.</translation>
    </message>
    <message>
        <source>twice the rank</source>
        <translation>o dobro do posto</translation>
    </message>
    <message>
        <source>Alpha of the adapter</source>
        <translation>Alfa do adaptador</translation>
    </message>
    <message>
        <source>How loudly the adapter speaks: what it adds is multiplied by alpha and divided by the rank.</source>
        <translation>Quão alto fala o adaptador: o que ele soma é multiplicado por alfa e dividido pelo posto.</translation>
    </message>
    <message>
        <source>16 bits are faster where the machine can; 32 are the more exact.</source>
        <translation>16 bits são mais rápidos onde a máquina os conhece; 32 são mais exatos.</translation>
    </message>
    <message>
        <source>Where the adapter sits</source>
        <translation>Onde fica o adaptador</translation>
    </message>
    <message>
        <source>Fewer places make it smaller; all of them learn the most.</source>
        <translation>Menos lugares o deixam menor; todos juntos aprendem mais.</translation>
    </message>
    <message>
        <source>as many as it has</source>
        <translation>todos os que há</translation>
    </message>
    <message>
        <source>compile it first</source>
        <translation>compilar antes</translation>
    </message>
    <message>
        <source>compute them again</source>
        <translation>calcular de novo</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>A graphics processor is many times faster, where there is one.</source>
        <translation>Um processador gráfico é muitas vezes mais rápido, quando há um.</translation>
    </message>
    <message>
        <source>Processor cores</source>
        <translation>Núcleos do processador</translation>
    </message>
    <message>
        <source>Fewer leave some for other work, and take longer.</source>
        <translation>Menos deixam alguns para outro trabalho, e demoram mais.</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Precisão</translation>
    </message>
    <message>
        <source>Compiled</source>
        <translation>Compilado</translation>
    </message>
    <message>
        <source>Takes a minute or more at the start, and is faster from there on.</source>
        <translation>Leva um minuto ou mais no começo, e dali em diante é mais rápido.</translation>
    </message>
    <message>
        <source>Gradient checkpointing</source>
        <translation>Recalcular ativações</translation>
    </message>
    <message>
        <source>Values between are computed again instead of kept: less memory, a third more time.</source>
        <translation>Os valores intermediários são calculados de novo em vez de guardados: menos memória, um terço a mais de tempo.</translation>
    </message>
    <message>
        <source>Falls all the way (cosine)</source>
        <translation>Desce o tempo todo (cosseno)</translation>
    </message>
    <message>
        <source>Level, falls at the end</source>
        <translation>Constante, desce no fim</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Em toda parte</translation>
    </message>
    <message>
        <source>Attention alone</source>
        <translation>Só na atenção</translation>
    </message>
    <message>
        <source>Feed-forward alone</source>
        <translation>Só na feed-forward</translation>
    </message>
    <message>
        <source>Queries and values</source>
        <translation>Consultas e valores</translation>
    </message>
    <message>
        <source>The fastest</source>
        <translation>O mais rápido</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Processador</translation>
    </message>
    <message>
        <source>Graphics (CUDA)</source>
        <translation>Gráfico (CUDA)</translation>
    </message>
    <message>
        <source>Graphics (Apple)</source>
        <translation>Gráfico (Apple)</translation>
    </message>
    <message>
        <source>16 bits (bfloat16)</source>
        <translation>16 bits (bfloat16)</translation>
    </message>
    <message>
        <source>32 bits</source>
        <translation>32 bits</translation>
    </message>
</context>
<context>
    <name>NewRun</name>
    <message>
        <source>1 · Data</source>
        <translation>1 · Dados</translation>
    </message>
    <message>
        <source>2 · Model</source>
        <translation>2 · Modelo</translation>
    </message>
    <message>
        <source>3 · Plan</source>
        <translation>3 · Plano</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Voltar</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Avançar</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>Começar o treino</translation>
    </message>
    <message>
        <source>It needs texts to learn from.</source>
        <translation>Faltam textos para ele aprender.</translation>
    </message>
    <message>
        <source>This recipe goes on from a model: choose it in step 2.</source>
        <translation>Esta receita continua de um modelo: escolha-o no passo 2.</translation>
    </message>
    <message>
        <source>The texts are shorter than one row of {0} tokens: give more, or make the rows shorter.</source>
        <translation>Os textos são mais curtos que uma linha de {0} tokens: dê mais texto ou encurte as linhas.</translation>
    </message>
</context>
<context>
    <name>NextPane</name>
    <message>
        <source>after “…{0}”</source>
        <translation>depois de “…{0}”</translation>
    </message>
    <message>
        <source>at the beginning of a text</source>
        <translation>no começo de um texto</translation>
    </message>
    <message>
        <source>Take it over</source>
        <translation>Inserir no texto</translation>
    </message>
    <message>
        <source>The text ends with a blank. Most tokens bring theirs along: without it the model expects more of them.</source>
        <translation>O texto termina com um espaço. A maioria dos tokens traz o seu: sem ele, o modelo espera mais deles.</translation>
    </message>
    <message>
        <source>Log scale</source>
        <translation>Escala logarítmica</translation>
    </message>
    <message>
        <source>Lengths by the logarithm of the probability: the unlikely becomes visible.</source>
        <translation>Comprimentos pelo logaritmo da probabilidade: o improvável fica visível.</translation>
    </message>
    <message>
        <source>raw, over the full vocabulary</source>
        <translation>bruta, sobre o vocabulário todo</translation>
    </message>
    <message>
        <source>after the chain</source>
        <translation>depois da cadeia</translation>
    </message>
    <message>
        <source>Candidates for the next token</source>
        <translation>Candidatos ao próximo token</translation>
    </message>
    <message>
        <source>The next most likely tokens of the vocabulary, as the model tells them.</source>
        <translation>Os próximos tokens mais prováveis do vocabulário, conforme o modelo.</translation>
    </message>
    <message>
        <source>Throw another dart</source>
        <translation>Jogar outro dardo</translation>
    </message>
    <message>
        <source>Tab takes the most likely one, Alt+1 to Alt+9 the one of that row, Alt+Up and Alt+Down select.</source>
        <translation>Tab aceita o mais provável, Alt+1 a Alt+9 o daquela linha, Alt+↑ e Alt+↓ selecionam.</translation>
    </message>
    <message>
        <source>A row&apos;s menu makes its token more or less likely, or bans it.</source>
        <translation>O menu de uma linha torna o token mais ou menos provável, ou o proíbe.</translation>
    </message>
    <message>
        <source>entropy {0} bits · {1} effective choices</source>
        <translation>entropia {0} bits · {1} escolhas efetivas</translation>
    </message>
    <message>
        <source>Fewer</source>
        <translation>Menos</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>Mais {0}</translation>
    </message>
    <message>
        <source>The other {0} tokens of the vocabulary: raw {1} together.</source>
        <translation>Os outros {0} tokens do vocabulário: {1} juntos, bruta.</translation>
    </message>
    <message>
        <source>With this dart ({0}) the chain draws “{1}”, which had {2}.</source>
        <translation>Com este dardo ({0}), a cadeia sorteia “{1}”, que tinha {2}.</translation>
    </message>
    <message>
        <source>raw {0}</source>
        <translation>bruta {0}</translation>
    </message>
    <message>
        <source>removed by {0}</source>
        <translation>removido por {0}</translation>
    </message>
    <message>
        <source>after the chain {0}</source>
        <translation>depois da cadeia {0}</translation>
    </message>
    <message>
        <source>bias {0}</source>
        <translation>viés {0}</translation>
    </message>
    <message>
        <source>This one is no text by itself and cannot be taken over.</source>
        <translation>Este não é texto por si só e não pode ser aceito.</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>Probability</source>
        <translation>Probabilidade</translation>
    </message>
    <message>
        <source>Of the model itself, over the full vocabulary.</source>
        <translation>Do próprio modelo, sobre o vocabulário inteiro.</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Posto</translation>
    </message>
    <message>
        <source>1 + the number of tokens with a larger logit, full vocabulary.</source>
        <translation>1 + o número de tokens com logit maior, no vocabulário inteiro.</translation>
    </message>
    <message>
        <source>Surprisal</source>
        <translation>Surpresa</translation>
    </message>
    <message>
        <source>-log2 of the raw probability, in bits.</source>
        <translation>-log2 da probabilidade bruta, em bits.</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>Margem</translation>
    </message>
    <message>
        <source>Raw probability of the first candidate less that of the second.</source>
        <translation>Probabilidade bruta do primeiro candidato menos a do segundo.</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>Entropia</translation>
    </message>
    <message>
        <source>Of the raw distribution over the full vocabulary, in bits.</source>
        <translation>Da distribuição bruta sobre o vocabulário inteiro, em bits.</translation>
    </message>
    <message>
        <source>Effective choices</source>
        <translation>Escolhas efetivas</translation>
    </message>
    <message>
        <source>2 to the power of the entropy: as many equal choices would be as uncertain.</source>
        <translation>2 elevado à entropia: tantas escolhas iguais seriam igualmente incertas.</translation>
    </message>
    <message>
        <source>The probability with which it was drawn.</source>
        <translation>A probabilidade com que foi sorteado.</translation>
    </message>
    <message>
        <source>Distortion</source>
        <translation>Distorção</translation>
    </message>
    <message>
        <source>How far the chain moved the distribution: KL(final || raw), in bits.</source>
        <translation>Quanto a cadeia deslocou a distribuição: KL(final || bruta), em bits.</translation>
    </message>
    <message>
        <source>Raw, over all {0} tokens</source>
        <translation>Bruta, sobre todos os {0} tokens</translation>
    </message>
    <message>
        <source>{0} bits</source>
        <translation>{0} bits</translation>
    </message>
    <message>
        <source>about {0} bits</source>
        <translation>cerca de {0} bits</translation>
    </message>
</context>
<context>
    <name>Outcome</name>
    <message>
        <source>exit code {0}</source>
        <translation>código de saída {0}</translation>
    </message>
    <message>
        <source>it did not answer</source>
        <translation>não respondeu</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Weights by type</source>
        <extracomment>What llama.cpp&apos;s names of tokenizers stand for.</extracomment>
        <translation>Pesos por tipo</translation>
    </message>
    <message>
        <source>Belongs to it</source>
        <translation>Pertence a ele</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>Pontos de controle</translation>
    </message>
    <message>
        <source>Chat with this one</source>
        <translation>Conversar com este</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Compute it</source>
        <translation>Calcular</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>How far the sum is</source>
        <translation>Progresso da soma</translation>
    </message>
    <message>
        <source>{0}, of keys and values {1}</source>
        <translation>{0}, de chaves e valores {1}</translation>
    </message>
    <message>
        <source>{0} in {1} files</source>
        <translation>{0} em {1} arquivos</translation>
    </message>
    <message>
        <source>Name in the file</source>
        <translation>Nome no arquivo</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>Arquitetura</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parâmetros</translation>
    </message>
    <message>
        <source>Quantisation</source>
        <translation>Quantização</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Tamanho do contexto</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} tokens</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Camadas</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>Cabeças de atenção</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Largura</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Especialistas</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>Vocabulário</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licença</translation>
    </message>
    <message>
        <source>not said in the file</source>
        <translation>o arquivo não diz</translation>
    </message>
    <message>
        <source>By</source>
        <translation>De</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Fonte</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Origem</translation>
    </message>
    <message>
        <source>Size on disk</source>
        <translation>Tamanho no disco</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>Último uso</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Lugar</translation>
    </message>
</context>
<context>
    <name>PaletteView</name>
    <message>
        <source>Nothing has these words in it.</source>
        <translation>Nada contém essas palavras.</translation>
    </message>
</context>
<context>
    <name>PathControl</name>
    <message>
        <source>Choose…</source>
        <translation>Escolher…</translation>
    </message>
    <message>
        <source>Models (*.gguf *.safetensors);;All files (*)</source>
        <translation>Modelos (*.gguf *.safetensors);;Todos os arquivos (*)</translation>
    </message>
</context>
<context>
    <name>PlanStep</name>
    <message>
        <source>The plan</source>
        <translation>O plano</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>sem limite</translation>
    </message>
    <message>
        <source>write them</source>
        <translation>escrever</translation>
    </message>
    <message>
        <source>Measure the speed here (5 seconds)</source>
        <translation>Medir a velocidade aqui (5 segundos)</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>What the run is called in the list.</source>
        <translation>Como o treino se chama na lista.</translation>
    </message>
    <message>
        <source>What is learnt</source>
        <translation>O que se aprende</translation>
    </message>
    <message>
        <source>Conversations can be learnt whole, or as answers to them.</source>
        <translation>Conversas podem ser aprendidas inteiras, ou só as respostas.</translation>
    </message>
    <message>
        <source>Probe prompts</source>
        <translation>Textos de prova</translation>
    </message>
    <message>
        <source>One a line: after each the next token is watched while it learns.</source>
        <translation>Um por linha: depois de cada um, observa-se o próximo token enquanto ele aprende.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Passos</translation>
    </message>
    <message>
        <source>In each the model sees some rows and is corrected once.</source>
        <translation>Em cada um o modelo vê algumas linhas e é corrigido uma vez.</translation>
    </message>
    <message>
        <source>Minutes at most</source>
        <translation>Minutos no máximo</translation>
    </message>
    <message>
        <source>The run ends by the clock if the steps take longer.</source>
        <translation>O treino termina pelo relógio se os passos demorarem mais.</translation>
    </message>
    <message>
        <source>Rows in a step</source>
        <translation>Linhas por passo</translation>
    </message>
    <message>
        <source>More make each correction steadier and slower.</source>
        <translation>Mais linhas deixam cada correção mais firme e mais lenta.</translation>
    </message>
    <message>
        <source>Tokens in a row</source>
        <translation>Tokens por linha</translation>
    </message>
    <message>
        <source>How far back it learns to look; the memory it will have.</source>
        <translation>Até onde ele aprende a olhar para trás; a memória que terá.</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Taxa de aprendizado</translation>
    </message>
    <message>
        <source>How far each correction goes: too much and it breaks, too little and it creeps.</source>
        <translation>Até onde vai cada correção: demais, ele quebra; de menos, ele se arrasta.</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>Otimizador</translation>
    </message>
    <message>
        <source>How corrections are made of gradients; the first one is a good choice.</source>
        <translation>Como os gradientes viram correções; o primeiro é uma boa escolha.</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation>Avaliações</translation>
    </message>
    <message>
        <source>How often held-out texts are measured and the prompts asked.</source>
        <translation>Quantas vezes os textos reservados são medidos e as provas, perguntadas.</translation>
    </message>
    <message>
        <source>Minutes between checkpoints</source>
        <translation>Minutos entre pontos de controle</translation>
    </message>
    <message>
        <source>So much is lost at most when the machine goes off.</source>
        <translation>É o máximo que se perde se o computador desligar.</translation>
    </message>
    <message>
        <source>Logs for TensorBoard</source>
        <translation>Registros para o TensorBoard</translation>
    </message>
    <message>
        <source>The same curves for another program, in the run&apos;s folder; needs the package tensorboardX.</source>
        <translation>As mesmas curvas para outro programa, na pasta do treino; precisa do pacote tensorboardX.</translation>
    </message>
    <message>
        <source>Every token</source>
        <translation>Todos os tokens</translation>
    </message>
    <message>
        <source>The assistant&apos;s words</source>
        <translation>As palavras do assistente</translation>
    </message>
    <message>
        <source>else the beginning of a text</source>
        <translation>senão, o começo de um texto</translation>
    </message>
    <message>
        <source>else “Hello.”</source>
        <translation>senão, “Hello.”</translation>
    </message>
    <message>
        <source>{0} tokens in all.</source>
        <translation>{0} tokens ao todo.</translation>
    </message>
    <message>
        <source>It sees the texts about {0} times.</source>
        <translation>Ele vê os textos cerca de {0} vezes.</translation>
    </message>
    <message>
        <source>The speed is being measured…</source>
        <translation>A velocidade está sendo medida…</translation>
    </message>
    <message>
        <source>About {0} on this machine.</source>
        <translation>Cerca de {0} neste computador.</translation>
    </message>
</context>
<context>
    <name>PlaygroundPage</name>
    <message>
        <source>Experiment</source>
        <translation>Experimento</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <source>Addition, column by column</source>
        <translation>Adição, coluna por coluna</translation>
    </message>
    <message>
        <source>Branches from the caret</source>
        <translation>Ramos a partir do cursor</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Documento</translation>
    </message>
    <message>
        <source>Take the most likely or the selected candidate</source>
        <translation>Aceitar o candidato mais provável ou o selecionado</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Take the candidate with this figure while typing</source>
        <translation>Aceitar o candidato com este número enquanto se digita</translation>
    </message>
    <message>
        <source>Alt+1 … Alt+9</source>
        <translation>Alt+1 … Alt+9</translation>
    </message>
    <message>
        <source>Take the candidate with this figure in the list</source>
        <translation>Aceitar o candidato com este número na lista</translation>
    </message>
    <message>
        <source>1 … 9</source>
        <translation>1 … 9</translation>
    </message>
    <message>
        <source>Select a candidate while typing</source>
        <translation>Selecionar um candidato enquanto se digita</translation>
    </message>
    <message>
        <source>Alt+Up, Alt+Down</source>
        <translation>Alt+↑, Alt+↓</translation>
    </message>
    <message>
        <source>Stop writing</source>
        <translation>Parar de escrever</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Leave the text backwards</source>
        <translation>Sair do texto para trás</translation>
    </message>
    <message>
        <source>Shift+Tab</source>
        <translation>Shift+Tab</translation>
    </message>
    <message>
        <source>Rename the document in the list</source>
        <translation>Renomear o documento na lista</translation>
    </message>
    <message>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <source>Delete the document in the list</source>
        <translation>Excluir o documento na lista</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
    <message>
        <source>New document</source>
        <translation>Novo documento</translation>
    </message>
    <message>
        <source>Rename document</source>
        <translation>Renomear documento</translation>
    </message>
    <message>
        <source>Delete document</source>
        <translation>Excluir documento</translation>
    </message>
    <message>
        <source>Go on writing from the caret</source>
        <translation>Continuar a escrever a partir do cursor</translation>
    </message>
    <message>
        <source>Compare two models or chains</source>
        <translation>Comparar dois modelos ou cadeias</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>Experimentos</translation>
    </message>
    <message>
        <source>Add two numbers</source>
        <translation>Somar dois números</translation>
    </message>
    <message>
        <source>Put the text into the chat template</source>
        <translation>Pôr o texto no template de conversa</translation>
    </message>
    <message>
        <source>Names of control tokens count</source>
        <translation>Nomes de tokens de controle valem</translation>
    </message>
    <message>
        <source>On: “&lt;|user|&gt;” and the like are the control tokens of that name. Off: they are text like any other.</source>
        <translation>Ligado: “&lt;|user|&gt;” e semelhantes são os tokens de controle com esse nome. Desligado: são texto como outro qualquer.</translation>
    </message>
    <message>
        <source>Explain the token at the caret</source>
        <translation>Explicar o token no cursor</translation>
    </message>
    <message>
        <source>To the candidates of the next token</source>
        <translation>Ir para os candidatos ao próximo token</translation>
    </message>
    <message>
        <source>Throw another dart</source>
        <translation>Jogar outro dardo</translation>
    </message>
    <message>
        <source>Search all documents</source>
        <translation>Buscar em todos os documentos</translation>
    </message>
    <message>
        <source>List of documents</source>
        <translation>Lista de documentos</translation>
    </message>
    <message>
        <source>Next token and text</source>
        <translation>Próximo token e texto</translation>
    </message>
    <message>
        <source>Width of the list of documents</source>
        <translation>Largura da lista de documentos</translation>
    </message>
    <message>
        <source>Width of the next token and the text</source>
        <translation>Largura do próximo token e do texto</translation>
    </message>
    <message>
        <source>The model is being loaded…</source>
        <translation>O modelo está sendo carregado…</translation>
    </message>
    <message>
        <source>What it expects next will stand here.</source>
        <translation>O que ele espera a seguir aparecerá aqui.</translation>
    </message>
    <message>
        <source>Load {0}</source>
        <translation>Carregar {0}</translation>
    </message>
    <message>
        <source>With a model every place of the text has its candidates for the next token.</source>
        <translation>Com um modelo, cada lugar do texto tem seus candidatos ao próximo token.</translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>Nenhum modelo carregado</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>The model is asked…</source>
        <translation>Perguntando ao modelo…</translation>
    </message>
    <message>
        <source>Type or paste a text, and every token of it is scored as you go.</source>
        <translation>Digite ou cole um texto, e cada token dele é avaliado na hora.</translation>
    </message>
    <message>
        <source>Begin with a fox</source>
        <translation>Começar com uma raposa</translation>
    </message>
    <message>
        <source>Nothing is written yet</source>
        <translation>Nada escrito ainda</translation>
    </message>
    <message>
        <source>The text has changed meanwhile. Choose the token again.</source>
        <translation>O texto mudou nesse meio-tempo. Escolha o token de novo.</translation>
    </message>
</context>
<context>
    <name>PlaygroundState</name>
    <message>
        <source>There is no model loaded that could go on.</source>
        <translation>Não há modelo carregado que possa continuar.</translation>
    </message>
    <message>
        <source>There is no text to compare over. Write something first.</source>
        <translation>Não há texto sobre o qual comparar. Escreva algo primeiro.</translation>
    </message>
    <message>
        <source>An experiment needs a model. Load one first.</source>
        <translation>Um experimento precisa de um modelo. Carregue um primeiro.</translation>
    </message>
    <message>
        <source>The chat template is the model&apos;s. Load one first.</source>
        <translation>O template de conversa é do modelo. Carregue um primeiro.</translation>
    </message>
    <message>
        <source>This place is not scored yet.</source>
        <translation>Este lugar ainda não foi avaliado.</translation>
    </message>
</context>
<context>
    <name>PresetBar</name>
    <message>
        <source>Preset</source>
        <translation>Predefinição</translation>
    </message>
    <message>
        <source>A chain with a name: choose one, or save the present one.</source>
        <translation>Uma cadeia com nome: escolha uma ou salve a atual.</translation>
    </message>
    <message>
        <source>Your own settings</source>
        <translation>Seus próprios ajustes</translation>
    </message>
    <message>
        <source>Save, rename, delete, export or import presets</source>
        <translation>Salvar, renomear, excluir, exportar ou importar predefinições</translation>
    </message>
    <message>
        <source>Neutral</source>
        <translation>Neutro</translation>
    </message>
    <message>
        <source>Every stage does nothing: the model&apos;s own distribution.</source>
        <translation>Nenhuma etapa faz nada: a distribuição do próprio modelo.</translation>
    </message>
    <message>
        <source>Use what this model&apos;s maker recommends</source>
        <translation>Usar o que recomenda quem fez o modelo</translation>
    </message>
    <message>
        <source>Recommended by the model&apos;s maker</source>
        <translation>Recomendado por quem fez o modelo</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renomear</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>Nome da predefinição</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>A preset that came with the program has this name.</source>
        <translation>Uma predefinição que veio com o programa tem este nome.</translation>
    </message>
    <message>
        <source>Another preset has this name.</source>
        <translation>Outra predefinição tem este nome.</translation>
    </message>
    <message>
        <source>This replaces the preset of that name.</source>
        <translation>Isto substitui a predefinição com esse nome.</translation>
    </message>
    <message>
        <source>Save as preset…</source>
        <translation>Salvar como predefinição…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>All of them…</source>
        <translation>Todas…</translation>
    </message>
    <message>
        <source>Import presets…</source>
        <translation>Importar predefinições…</translation>
    </message>
</context>
<context>
    <name>Presets</name>
    <message>
        <source>Preset replaced.</source>
        <translation>Predefinição substituída.</translation>
    </message>
    <message>
        <source>Preset deleted.</source>
        <translation>Predefinição excluída.</translation>
    </message>
    <message>
        <source>Export presets</source>
        <translation>Exportar predefinições</translation>
    </message>
    <message>
        <source>Presets (*.json)</source>
        <translation>Predefinições (*.json)</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>Predefinições</translation>
    </message>
    <message>
        <source>Import presets</source>
        <translation>Importar predefinições</translation>
    </message>
    <message>
        <source>Exported to {0}</source>
        <translation>Exportado para {0}</translation>
    </message>
    <message>
        <source>These presets are here already.</source>
        <translation>Estas predefinições já estão aqui.</translation>
    </message>
    <message>
        <source>Preset imported: {0}</source>
        <translation>Predefinição importada: {0}</translation>
    </message>
    <message>
        <source>{0} presets imported.</source>
        <translation>{0} predefinições importadas.</translation>
    </message>
</context>
<context>
    <name>ProbabilityBars</name>
    <message>
        <source>Candidates</source>
        <translation>Candidatos</translation>
    </message>
    <message>
        <source>{0}: raw {1}, final {2}</source>
        <translation>{0}: bruta {1}, final {2}</translation>
    </message>
</context>
<context>
    <name>ProbePane</name>
    <message>
        <source>Nothing was asked yet</source>
        <translation>Nada foi perguntado ainda</translation>
    </message>
    <message>
        <source>At each evaluation the model is asked what comes next; its answers will stand here, step by step.</source>
        <translation>A cada avaliação pergunta-se ao modelo o que vem a seguir; as respostas ficam aqui, passo a passo.</translation>
    </message>
    <message>
        <source>Probe prompt</source>
        <translation>Texto de prova</translation>
    </message>
    <message>
        <source>Evaluation on the timeline</source>
        <translation>Avaliação na linha do tempo</translation>
    </message>
    <message>
        <source>Log scale</source>
        <translation>Escala logarítmica</translation>
    </message>
    <message>
        <source>Lengths by the logarithm of the probability: the unlikely becomes visible.</source>
        <translation>Comprimentos pelo logaritmo da probabilidade: o improvável se torna visível.</translation>
    </message>
    <message>
        <source>at this step</source>
        <translation>neste passo</translation>
    </message>
    <message>
        <source>one evaluation before (≤: not among its likeliest)</source>
        <translation>uma avaliação antes (≤: fora dos mais prováveis)</translation>
    </message>
    <message>
        <source>Next tokens at this step</source>
        <translation>Próximos tokens neste passo</translation>
    </message>
    <message>
        <source>The next token after</source>
        <translation>O próximo token depois de</translation>
    </message>
    <message>
        <source>The evaluation before</source>
        <translation>A avaliação anterior</translation>
    </message>
    <message>
        <source>The next evaluation</source>
        <translation>A próxima avaliação</translation>
    </message>
    <message>
        <source>Beside the one before</source>
        <translation>Ao lado da anterior</translation>
    </message>
    <message>
        <source>Explained</source>
        <translation>Explicado</translation>
    </message>
    <message>
        <source>(the beginning of a text)</source>
        <translation>(o começo de um texto)</translation>
    </message>
    <message>
        <source>Step {0} · {1} of {2}</source>
        <translation>Passo {0} · {1} de {2}</translation>
    </message>
    <message>
        <source>Before the first step</source>
        <translation>Antes do primeiro passo</translation>
    </message>
    <message>
        <source>entropy {0} bits · {1} effective choices · over the full vocabulary</source>
        <translation>entropia {0} bits · {1} escolhas efetivas · sobre o vocabulário inteiro</translation>
    </message>
    <message>
        <source>before: at most {0}, since it was not among the {1} likeliest</source>
        <translation>antes: no máximo {0}, pois não estava entre os {1} mais prováveis</translation>
    </message>
    <message>
        <source>before: {0}</source>
        <translation>antes: {0}</translation>
    </message>
</context>
<context>
    <name>Program</name>
    <message>
        <source>Chat</source>
        <translation>Chat</translation>
    </message>
    <message>
        <source>Playground</source>
        <translation>Laboratório</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Lab.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Treino</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Treino</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelos</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face</translation>
    </message>
    <message>
        <source>Memory and loading</source>
        <translation>Memória e carga</translation>
    </message>
    <message>
        <source>The default model is not there any more, so the built-in one was loaded.</source>
        <translation>O modelo padrão não está mais lá; por isso o embutido foi carregado.</translation>
    </message>
    <message>
        <source>Some settings could not be read and are at their defaults. The file was kept as {0}.</source>
        <translation>Alguns ajustes não puderam ser lidos e voltaram ao padrão. O arquivo foi guardado como {0}.</translation>
    </message>
    <message>
        <source>Próxima ended unexpectedly the last time. Your conversations were kept.</source>
        <translation>O Próxima terminou de forma inesperada da última vez. Suas conversas foram preservadas.</translation>
    </message>
    <message>
        <source>The conversations were damaged and came back from the last backup. The damaged file: {0}.</source>
        <translation>As conversas estavam danificadas e foram recuperadas da última cópia de segurança. O arquivo danificado: {0}.</translation>
    </message>
    <message>
        <source>The conversations could not be read. They were kept in {0}, and a new file was begun.</source>
        <translation>Não foi possível ler as conversas. Elas foram guardadas em {0}, e um novo arquivo foi criado.</translation>
    </message>
    <message>
        <source>The conversations could not be opened.</source>
        <translation>Não foi possível abrir as conversas.</translation>
    </message>
    <message>
        <source>Check that the data folder can be written to.</source>
        <translation>Verifique se é possível gravar na pasta de dados.</translation>
    </message>
    <message>
        <source>The training of “{0}” was cut off. It can go on from its last checkpoint.</source>
        <translation>O treino de “{0}” foi interrompido. Pode continuar do último ponto de controle.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>The training of “{0}” has finished.</source>
        <translation>O treino de “{0}” terminou.</translation>
    </message>
    <message>
        <source>The training of “{0}” has failed.</source>
        <translation>O treino de “{0}” falhou.</translation>
    </message>
    <message>
        <source>The chat template of {0} is another one than when you saw it last.</source>
        <translation>O template de conversa de {0} não é o mesmo da última vez.</translation>
    </message>
    <message>
        <source>Look at it</source>
        <translation>Olhar</translation>
    </message>
    <message>
        <source>{0} was written, and is in the library now.</source>
        <translation>{0} foi escrito e está agora na biblioteca.</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>Conversar com ele</translation>
    </message>
    <message>
        <source>{0} is in the library.</source>
        <translation>{0} está na biblioteca.</translation>
    </message>
    <message>
        <source>The folder could not be opened: {0}</source>
        <translation>Não foi possível abrir a pasta: {0}</translation>
    </message>
    <message>
        <source>This takes effect when the model is loaded again.</source>
        <translation>Isto passa a valer quando o modelo for carregado de novo.</translation>
    </message>
    <message>
        <source>Load again</source>
        <translation>Carregar de novo</translation>
    </message>
    <message>
        <source>Próxima will start with this model.</source>
        <translation>O Próxima vai abrir com este modelo.</translation>
    </message>
    <message>
        <source>Load it now</source>
        <translation>Carregar agora</translation>
    </message>
</context>
<context>
    <name>RankCounts</name>
    <message>
        <source>Tokens by rank</source>
        <translation>Tokens por posto</translation>
    </message>
    <message>
        <source>top {0}</source>
        <translation>até {0}</translation>
    </message>
    <message>
        <source>below</source>
        <translation>abaixo</translation>
    </message>
</context>
<context>
    <name>RankField</name>
    <message>
        <source>Borders of the ranks</source>
        <translation>Limites dos postos</translation>
    </message>
    <message>
        <source>Three growing ranks: the last of each group but the fourth.</source>
        <translation>Três postos crescentes: o último de cada grupo, menos do quarto.</translation>
    </message>
</context>
<context>
    <name>RefusedFiles</name>
    <message>
        <source>Close this message</source>
        <translation>Fechar esta mensagem</translation>
    </message>
    <message>
        <source>This file was not added</source>
        <translation>Este arquivo não foi adicionado</translation>
    </message>
    <message>
        <source>{0} files were not added</source>
        <translation>{0} arquivos não foram adicionados</translation>
    </message>
    <message>
        <source>And: {0}</source>
        <translation>E: {0}</translation>
    </message>
</context>
<context>
    <name>ReplayBar</name>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
    <message>
        <source>Tokens compared</source>
        <translation>Tokens comparados</translation>
    </message>
    <message>
        <source>Show the token</source>
        <translation>Mostrar o token</translation>
    </message>
    <message>
        <source>Loads it in place of the present one, and checks the reply again.</source>
        <translation>Carrega-o no lugar do atual e verifica a resposta de novo.</translation>
    </message>
    <message>
        <source>Load the model that wrote it</source>
        <translation>Carregar o modelo que a escreveu</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>Writing the reply once more: {0} of {1} tokens compared, all the same so far.</source>
        <translation>Escrevendo a resposta mais uma vez: {0} de {1} tokens comparados, todos iguais até agora.</translation>
    </message>
    <message>
        <source>Reading the conversation before it: {0} of {1} tokens.</source>
        <translation>Lendo a conversa que vem antes: {0} de {1} tokens.</translation>
    </message>
    <message>
        <source>Writing the reply once more, to compare it token by token…</source>
        <translation>Escrevendo a resposta mais uma vez, para comparar token por token…</translation>
    </message>
    <message>
        <source>The same to the byte: all {0} tokens came out again.</source>
        <translation>Igual até o último byte: todos os {0} tokens saíram de novo.</translation>
    </message>
    <message>
        <source>The first {0} of {1} tokens are the same; then the context was full.</source>
        <translation>Os primeiros {0} de {1} tokens são iguais; depois o contexto encheu.</translation>
    </message>
    <message>
        <source>Not the same: it departs at token {0} of {1}, where “{2}” comes now instead of “{3}”.</source>
        <translation>Não saiu igual: a diferença começa no token {0} de {1}, onde agora vem “{2}” em vez de “{3}”.</translation>
    </message>
    <message>
        <source>The raw log-probabilities are the same to the last bit.</source>
        <translation>As log-probabilidades brutas são iguais até o último bit.</translation>
    </message>
    <message>
        <source>The raw log-probabilities of the listed candidates differ by {0} at most.</source>
        <translation>As log-probabilidades brutas dos candidatos listados diferem no máximo em {0}.</translation>
    </message>
    <message>
        <source>Another model file is loaded than the one that wrote it.</source>
        <translation>O arquivo de modelo carregado não é o que a escreveu.</translation>
    </message>
    <message>
        <source>The chat template is another one.</source>
        <translation>O modelo de conversa (template) é outro.</translation>
    </message>
    <message>
        <source>This is another version of the program.</source>
        <translation>Esta é outra versão do programa.</translation>
    </message>
    <message>
        <source>The context has another length.</source>
        <translation>O contexto tem outro tamanho.</translation>
    </message>
    <message>
        <source>Other adapters stand beside the model than then.</source>
        <translation>Ao lado do modelo estão outros adaptadores do que então.</translation>
    </message>
    <message>
        <source>The conversation before it has changed.</source>
        <translation>A conversa que vem antes mudou.</translation>
    </message>
    <message>
        <source>“{0}” is no longer among the most likely tokens.</source>
        <translation>“{0}” já não está entre os tokens mais prováveis.</translation>
    </message>
    <message>
        <source>Raw log-probability of “{0}”: {1} then, {2} now, a difference of {3}; after the chain {4} then, {5} now.</source>
        <translation>Log-probabilidade bruta de “{0}”: {1} antes, {2} agora, uma diferença de {3}; depois da cadeia {4} antes, {5} agora.</translation>
    </message>
</context>
<context>
    <name>Replaying</name>
    <message>
        <source>This reply was saved without what is needed to play it again.</source>
        <translation>Esta resposta foi salva sem o que é preciso para repeti-la.</translation>
    </message>
    <message>
        <source>The reply could not be read.</source>
        <translation>Não foi possível ler a resposta.</translation>
    </message>
    <message>
        <source>The loaded model has other tokens than the one that wrote this reply.</source>
        <translation>O modelo carregado tem outros tokens que o modelo que escreveu esta resposta.</translation>
    </message>
</context>
<context>
    <name>ReplyCard</name>
    <message>
        <source>The reply</source>
        <translation>A resposta</translation>
    </message>
    <message>
        <source>New seed each time</source>
        <translation>Nova semente a cada vez</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Semente</translation>
    </message>
    <message>
        <source>Fixed, the same message with the same settings gets the same reply; new, another each time.</source>
        <translation>Fixa, a mesma mensagem com os mesmos ajustes recebe a mesma resposta; nova, outra a cada vez.</translation>
    </message>
    <message>
        <source>Longest reply</source>
        <translation>Resposta mais longa</translation>
    </message>
    <message>
        <source>In tokens; 0 writes on until the model ends the reply or the context is full.</source>
        <translation>Em tokens; com 0, escreve até o modelo encerrar a resposta ou o contexto encher.</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>Omitir as mais antigas</translation>
    </message>
    <message>
        <source>End the reply</source>
        <translation>Encerrar a resposta</translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation>Quando o contexto encher</translation>
    </message>
</context>
<context>
    <name>ReplyFacts</name>
    <message>
        <source>Seed {0}</source>
        <translation>Semente {0}</translation>
    </message>
    <message>
        <source>Chain: {0}</source>
        <translation>Cadeia: {0}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>nenhuma</translation>
    </message>
    <message>
        <source>Model: {0}</source>
        <translation>Modelo: {0}</translation>
    </message>
    <message>
        <source>Chat template: {0}</source>
        <translation>Template da conversa: {0}</translation>
    </message>
    <message>
        <source>Próxima {0}</source>
        <translation>Próxima {0}</translation>
    </message>
    <message>
        <source>On the command line: {0}</source>
        <translation>Na linha de comando: {0}</translation>
    </message>
    <message>
        <source>{0} tokens after a prompt of {1}, in a context of {2}</source>
        <translation>{0} tokens depois de um prompt de {1}, num contexto de {2}</translation>
    </message>
</context>
<context>
    <name>ReplyRunner</name>
    <message>
        <source>Stopped.</source>
        <translation>Interrompido.</translation>
    </message>
</context>
<context>
    <name>RetroBar</name>
    <message>
        <source>Show</source>
        <translation>Mostrar</translation>
    </message>
    <message>
        <source>Branch there</source>
        <translation>Ramificar ali</translation>
    </message>
    <message>
        <source>A new reply beside this one: the same words up to there, then the other token, with the same luck.</source>
        <translation>Uma nova resposta ao lado desta: as mesmas palavras até ali, depois o outro token, com a mesma sorte.</translation>
    </message>
    <message>
        <source>Compute with the model</source>
        <translation>Calcular com o modelo</translation>
    </message>
    <message>
        <source>Show the reply as it is</source>
        <translation>Mostrar a resposta como ela é</translation>
    </message>
    <message>
        <source>The model writes it once more, with the present sliders and the same luck, up to the first difference: that is exact. No other version of the reply is kept.</source>
        <translation>O modelo a escreve mais uma vez, com os controles atuais e a mesma sorte, até a primeira diferença: isso é exato. Nenhuma outra versão da resposta é guardada.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>The model writes it once more with the present sliders…</source>
        <translation>O modelo a escreve mais uma vez com os controles atuais…</translation>
    </message>
    <message>
        <source>The model writes it once more with the present sliders: {0} of {1} tokens, all the same so far.</source>
        <translation>O modelo a escreve mais uma vez com os controles atuais: {0} de {1} tokens, todos iguais até aqui.</translation>
    </message>
    <message>
        <source>Computed: the same to the byte, all {0} tokens.</source>
        <translation>Calculado: igual até o último byte, todos os {0} tokens.</translation>
    </message>
    <message>
        <source>Computed: the first {0} of {1} tokens stay, then comes “{2}”.</source>
        <translation>Calculado: os primeiros {0} de {1} tokens ficam, depois vem “{2}”.</translation>
    </message>
    <message>
        <source>approximate</source>
        <translation>aproximado</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>exato</translation>
    </message>
    <message>
        <source>exact for the tokens that were drawn</source>
        <translation>exato para os tokens que foram sorteados</translation>
    </message>
    <message>
        <source>Same luck: this reply would be the same ({0}).</source>
        <translation>Mesma sorte: esta resposta seria a mesma ({0}).</translation>
    </message>
    <message>
        <source>Same luck: {0} of {1} tokens would change, the first to “{2}” ({3}).</source>
        <translation>Mesma sorte: {0} de {1} tokens mudariam, o primeiro para “{2}” ({3}).</translation>
    </message>
    <message>
        <source>More candidates would have to be known than were stored.</source>
        <translation>Seria preciso conhecer mais candidatos do que os guardados.</translation>
    </message>
    <message>
        <source>The tokens of the prompt, which count too, were not stored.</source>
        <translation>Os tokens da pergunta, que também contam, não foram guardados.</translation>
    </message>
    <message>
        <source>What follows it is pale: it would be another text.</source>
        <translation>O que vem depois está esmaecido: seria outro texto.</translation>
    </message>
</context>
<context>
    <name>RoomQuestion</name>
    <message>
        <source>Not enough free memory</source>
        <translation>Falta memória livre</translation>
    </message>
    <message>
        <source>A shorter context, fewer bits for its key-value cache, or a smaller quantisation needs less: see the Models page.</source>
        <translation>Um contexto menor, menos bits no cache de chaves e valores ou uma quantização menor precisam de menos: veja a página Modelos.</translation>
    </message>
    <message>
        <source>Load anyway</source>
        <translation>Carregar assim mesmo</translation>
    </message>
</context>
<context>
    <name>RunList</name>
    <message>
        <source>Search all runs: titles, tags and notes</source>
        <translation>Buscar em todos os treinos: títulos, etiquetas e notas</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Treinos</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>Novo treino</translation>
    </message>
    <message>
        <source>Nothing found for “{0}”.</source>
        <translation>Nada encontrado para “{0}”.</translation>
    </message>
    <message>
        <source>Your runs will stand here.</source>
        <translation>Seus treinos ficarão aqui.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Compare with the shown run</source>
        <translation>Comparar com o treino mostrado</translation>
    </message>
    <message>
        <source>Do not compare</source>
        <translation>Não comparar</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Excluir</translation>
    </message>
</context>
<context>
    <name>SamplesPane</name>
    <message>
        <source>Nothing was written yet</source>
        <translation>Nada foi escrito ainda</translation>
    </message>
    <message>
        <source>At each evaluation the model goes on from the prompts of the plan; what it writes will stand here.</source>
        <translation>A cada avaliação o modelo continua os textos de prova do plano; o que ele escrever ficará aqui.</translation>
    </message>
    <message>
        <source>Samples, the newest first</source>
        <translation>Amostras, as mais novas primeiro</translation>
    </message>
    <message>
        <source>Step {0}</source>
        <translation>Passo {0}</translation>
    </message>
</context>
<context>
    <name>SamplingPanel</name>
    <message>
        <source>Applied from top to bottom; then the dart picks.</source>
        <translation>Aplicadas de cima para baixo; depois o dardo escolhe.</translation>
    </message>
    <message>
        <source>The stages, from the first to the last</source>
        <translation>As etapas, da primeira à última</translation>
    </message>
    <message>
        <source>This token was not drawn. The dart would pick “{0}” here, with {1}.</source>
        <translation>Este token não foi sorteado. O dardo escolheria “{0}” aqui, com {1}.</translation>
    </message>
    <message>
        <source>The same dart picks “{0}”, as it did, with {1}.</source>
        <translation>O mesmo dardo escolhe “{0}”, como antes, com {1}.</translation>
    </message>
    <message>
        <source>The same dart would pick “{0}” now, with {1}.</source>
        <translation>O mesmo dardo agora escolheria “{0}”, com {1}.</translation>
    </message>
    <message>
        <source>Approximate: the penalties count tokens of the prompt, which were not recorded.</source>
        <translation>Aproximado: as penalidades contam tokens da pergunta, que não foram registrados.</translation>
    </message>
    <message>
        <source>Approximate: not all that the grammar allows here is known.</source>
        <translation>Aproximado: não se sabe tudo o que a gramática permite aqui.</translation>
    </message>
    <message>
        <source>Approximate: only the stored candidates are known.</source>
        <translation>Aproximado: só os candidatos guardados são conhecidos.</translation>
    </message>
    <message>
        <source>Undo the last change of the sliders</source>
        <translation>Desfazer a última mudança dos controles</translation>
    </message>
</context>
<context>
    <name>SearchedList</name>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Hoje</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Ontem</translation>
    </message>
    <message>
        <source>Last seven days</source>
        <translation>Últimos sete dias</translation>
    </message>
    <message>
        <source>Last thirty days</source>
        <translation>Últimos trinta dias</translation>
    </message>
</context>
<context>
    <name>SearchedTable</name>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Search: {0}</source>
        <translation>Buscar: {0}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} de {1}</translation>
    </message>
    <message>
        <source>{0} in all</source>
        <translation>{0} ao todo</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Back to the default</source>
        <translation>Voltar ao padrão</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>Buscar nos ajustes</translation>
    </message>
    <message>
        <source>Open the data folder</source>
        <translation>Abrir a pasta de dados</translation>
    </message>
    <message>
        <source>No setting has “{0}” in it.</source>
        <translation>Nenhum ajuste contém “{0}”.</translation>
    </message>
</context>
<context>
    <name>SettingsStore</name>
    <message>
        <source>This value is not possible.</source>
        <translation>Este valor não é possível.</translation>
    </message>
    <message>
        <source>The settings could not be saved.</source>
        <translation>Não foi possível salvar os ajustes.</translation>
    </message>
    <message>
        <source>Check that the disk is not full and that the folder can be written to.</source>
        <translation>Verifique se o disco não está cheio e se é possível gravar na pasta.</translation>
    </message>
</context>
<context>
    <name>Shipped</name>
    <message>
        <source>Addition, column by column</source>
        <translation>Adição, coluna por coluna</translation>
    </message>
    <message>
        <source>It learns from sums that are made up: no texts are needed.</source>
        <translation>Aprende com somas inventadas: não precisa de textos.</translation>
    </message>
    <message>
        <source>Whole sums at once</source>
        <translation>Somas inteiras de uma vez</translation>
    </message>
    <message>
        <source>Shakespeare in five minutes</source>
        <translation>Shakespeare em cinco minutos</translation>
    </message>
    <message>
        <source>Give it a million letters of plays, such as tinyshakespeare.txt.</source>
        <translation>Dê um milhão de letras de peças, como tinyshakespeare.txt.</translation>
    </message>
    <message>
        <source>Shakespeare, letter by letter</source>
        <translation>Shakespeare, letra por letra</translation>
    </message>
    <message>
        <source>Shakespeare&apos;s plays and poems</source>
        <translation>Peças e poemas de Shakespeare</translation>
    </message>
    <message>
        <source>Give it all of Shakespeare, or as much of somebody else: some millions of letters.</source>
        <translation>Dê todo o Shakespeare, ou outro tanto de outra pessoa: alguns milhões de letras.</translation>
    </message>
    <message>
        <source>A voice out of Shakespeare</source>
        <translation>Uma voz de Shakespeare</translation>
    </message>
    <message>
        <source>Give it the plays, whose speeches answer each other. It goes on from a run that has read them: choose that as the model.</source>
        <translation>Dê as peças, cujas falas respondem umas às outras. Continua de um treino que as leu: escolha-o como modelo.</translation>
    </message>
    <message>
        <source>Stories in simple English</source>
        <translation>Histórias em inglês simples</translation>
    </message>
    <message>
        <source>Give it many short stories in simple words, such as TinyStories.</source>
        <translation>Dê muitas histórias curtas em palavras simples, como as TinyStories.</translation>
    </message>
    <message>
        <source>Portuguese prose</source>
        <translation>Prosa em português</translation>
    </message>
    <message>
        <source>Give it novels in Portuguese, such as those of Machado de Assis.</source>
        <translation>Dê romances em português, como os de Machado de Assis.</translation>
    </message>
    <message>
        <source>DNA, base by base</source>
        <translation>DNA, base por base</translation>
    </message>
    <message>
        <source>Give it a genome as .fasta, such as that of Escherichia coli.</source>
        <translation>Dê um genoma em .fasta, como o da Escherichia coli.</translation>
    </message>
</context>
<context>
    <name>SidePicker</name>
    <message>
        <source>{0}: model</source>
        <translation>{0}: modelo</translation>
    </message>
    <message>
        <source>{0}: chain</source>
        <translation>{0}: cadeia</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>Abrir um arquivo de modelo…</translation>
    </message>
    <message>
        <source>Open a run or a checkpoint…</source>
        <translation>Abrir um treino ou um checkpoint…</translation>
    </message>
    <message>
        <source>raw</source>
        <translation>bruta</translation>
    </message>
    <message>
        <source>present chain</source>
        <translation>cadeia atual</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>Abrir um arquivo de modelo</translation>
    </message>
    <message>
        <source>Models (*.gguf);;All files (*)</source>
        <translation>Modelos (*.gguf);;Todos os arquivos (*)</translation>
    </message>
    <message>
        <source>Open a run or a checkpoint</source>
        <translation>Abrir um treino ou um checkpoint</translation>
    </message>
</context>
<context>
    <name>SliderRow</name>
    <message>
        <source>Back to the default, {0}</source>
        <translation>Voltar ao padrão, {0}</translation>
    </message>
    <message>
        <source>{0}: back to the default</source>
        <translation>{0}: voltar ao padrão</translation>
    </message>
</context>
<context>
    <name>StageCard</name>
    <message>
        <source>no effect</source>
        <translation>sem efeito</translation>
    </message>
    <message>
        <source>Drag to apply it earlier or later; Alt+Up and Alt+Down do the same</source>
        <translation>Arraste para aplicar antes ou depois; Alt+Acima e Alt+Abaixo fazem o mesmo</translation>
    </message>
    <message>
        <source>Only the model can tell what it allows here</source>
        <translation>Só o modelo pode dizer o que ela permite aqui</translation>
    </message>
    <message>
        <source>at least {0}</source>
        <translation>ao menos {0}</translation>
    </message>
    <message>
        <source>{0} of {1} go on, with {2} of the probability</source>
        <translation>{0} de {1} seguem, com {2} da probabilidade</translation>
    </message>
    <message>
        <source>{0} go on, shifted by {1} bits (KL)</source>
        <translation>{0} seguem, deslocados em {1} bits (KL)</translation>
    </message>
    <message>
        <source>{0} go on, unchanged</source>
        <translation>{0} seguem, sem mudança</translation>
    </message>
    <message>
        <source>Order and defaults of {0}</source>
        <translation>Ordem e padrões de {0}</translation>
    </message>
    <message>
        <source>Apply earlier</source>
        <translation>Aplicar antes</translation>
    </message>
    <message>
        <source>Apply later</source>
        <translation>Aplicar depois</translation>
    </message>
    <message>
        <source>Back to the defaults</source>
        <translation>Voltar aos padrões</translation>
    </message>
    <message>
        <source>Show the sliders of {0}</source>
        <translation>Mostrar os controles de {0}</translation>
    </message>
    <message>
        <source>Fold {0}</source>
        <translation>Recolher {0}</translation>
    </message>
</context>
<context>
    <name>StageChart</name>
    <message>
        <source>Candidates at {0}</source>
        <translation>Candidatos em {0}</translation>
    </message>
    <message>
        <source>{0}: {1} → removed</source>
        <translation>{0}: {1} → removido</translation>
    </message>
    <message>
        <source>{0}: {1} → {2}</source>
        <translation>{0}: {1} → {2}</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Context in use</source>
        <translation>Contexto em uso</translation>
    </message>
    <message>
        <source>loading…</source>
        <translation>carregando…</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>parando…</translation>
    </message>
    <message>
        <source>reading the conversation: {0} of {1} tokens</source>
        <translation>lendo a conversa: {0} de {1} tokens</translation>
    </message>
    <message>
        <source>{0} tokens/s</source>
        <translation>{0} tokens/s</translation>
    </message>
    <message>
        <source>first token after {0} ms</source>
        <translation>primeiro token após {0} ms</translation>
    </message>
    <message>
        <source>oldest messages left out: {0}</source>
        <translation>mensagens mais antigas deixadas de fora: {0}</translation>
    </message>
    <message>
        <source>context {0} %</source>
        <translation>contexto {0} %</translation>
    </message>
    <message>
        <source>{0} of {1} tokens that the model can see are in use</source>
        <translation>{0} de {1} tokens que o modelo consegue ver estão em uso</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>Parar a leitura</translation>
    </message>
    <message>
        <source>writing: {0} tokens · Esc stops</source>
        <translation>escrevendo: {0} tokens · Esc para</translation>
    </message>
    <message>
        <source>reading: {0} of {1} tokens</source>
        <translation>lendo: {0} de {1} tokens</translation>
    </message>
    <message>
        <source>reading stopped after {0} tokens</source>
        <translation>leitura parada após {0} tokens</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} tokens</translation>
    </message>
    <message>
        <source>perplexity {0}</source>
        <translation>perplexidade {0}</translation>
    </message>
    <message>
        <source>{0} bits per byte</source>
        <translation>{0} bits por byte</translation>
    </message>
    <message>
        <source>control tokens count</source>
        <translation>tokens de controle valem</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>Continuar a escrever</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
</context>
<context>
    <name>SumSheet</name>
    <message>
        <source>The sum, column by column</source>
        <translation>A soma, coluna por coluna</translation>
    </message>
</context>
<context>
    <name>SystemPromptPanel</name>
    <message>
        <source>System prompt: what the model is told before the conversation begins</source>
        <translation>Instruções do sistema: o que o modelo lê antes de a conversa começar</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Instruções do sistema</translation>
    </message>
    <message>
        <source>For example: Answer in one short sentence.</source>
        <translation>Por exemplo: responda em uma frase curta.</translation>
    </message>
</context>
<context>
    <name>TemplatePane</name>
    <message>
        <source>It is another one than when you looked last. What a template adds is said in your name: read it before you go on.</source>
        <translation>Não é o mesmo de quando você olhou pela última vez. O que um template acrescenta é dito em seu nome: leia-o antes de continuar.</translation>
    </message>
    <message>
        <source>I have read it</source>
        <translation>Eu li</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>Template de conversa</translation>
    </message>
    <message>
        <source>How a conversation is laid out for it. SHA-256: {0}</source>
        <translation>Como uma conversa é disposta para ele. SHA-256: {0}</translation>
    </message>
    <message>
        <source>It has none: conversations are laid out in a plain way, which it may not have been trained for.</source>
        <translation>Ele não tem nenhum: as conversas são dispostas de um jeito simples, para o qual ele talvez não tenha sido treinado.</translation>
    </message>
</context>
<context>
    <name>TextPane</name>
    <message>
        <source>Tokens read</source>
        <translation>Tokens lidos</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexidade</translation>
    </message>
    <message>
        <source>2 to the power of the mean surprisal of a token.</source>
        <translation>2 elevado à surpresa média de um token.</translation>
    </message>
    <message>
        <source>Bits per byte</source>
        <translation>Bits por byte</translation>
    </message>
    <message>
        <source>All surprisal over the bytes of the text: comparable between models and vocabularies.</source>
        <translation>Toda a surpresa dividida pelos bytes do texto: comparável entre modelos e vocabulários.</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Those that are scored.</source>
        <translation>Os que foram avaliados.</translation>
    </message>
    <message>
        <source>Mean surprisal</source>
        <translation>Surpresa média</translation>
    </message>
    <message>
        <source>Bits for each token, raw, over the full vocabulary.</source>
        <translation>Bits por token, bruta, sobre o vocabulário todo.</translation>
    </message>
    <message>
        <source>Ranks</source>
        <translation>Postos</translation>
    </message>
    <message>
        <source>Surprisal in bits</source>
        <translation>Surpresa em bits</translation>
    </message>
    <message>
        <source>Most surprising words</source>
        <translation>Palavras mais surpreendentes</translation>
    </message>
    <message>
        <source>{0} bits</source>
        <translation>{0} bits</translation>
    </message>
    <message>
        <source>{0}   {1} bits</source>
        <translation>{0}   {1} bits</translation>
    </message>
    <message>
        <source>{0} of {1} tokens read</source>
        <translation>{0} de {1} tokens lidos</translation>
    </message>
    <message>
        <source>Stopped after {0} tokens.</source>
        <translation>Parado depois de {0} tokens.</translation>
    </message>
    <message>
        <source>Read on</source>
        <translation>Continuar a ler</translation>
    </message>
</context>
<context>
    <name>TextRow</name>
    <message>
        <source>This is not JSON from line {0}, character {1} on.</source>
        <translation>Isto não é JSON a partir da linha {0}, caractere {1}.</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Timeline of the likeliest tokens</source>
        <translation>Linha do tempo dos tokens mais prováveis</translation>
    </message>
    <message>
        <source>step {0}: {1}</source>
        <translation>passo {0}: {1}</translation>
    </message>
</context>
<context>
    <name>TintRow</name>
    <message>
        <source>What the colours in the text tell</source>
        <translation>O que as cores no texto dizem</translation>
    </message>
    <message>
        <source>Colour by surprisal</source>
        <translation>Colorir pela surpresa</translation>
    </message>
    <message>
        <source>Colour by rank</source>
        <translation>Colorir pelo posto</translation>
    </message>
    <message>
        <source>Colour by the entropy before each token</source>
        <translation>Colorir pela entropia antes de cada token</translation>
    </message>
    <message>
        <source>No colours</source>
        <translation>Sem cores</translation>
    </message>
    <message>
        <source>Legend: {0}</source>
        <translation>Legenda: {0}</translation>
    </message>
    <message>
        <source>rank</source>
        <translation>posto</translation>
    </message>
    <message>
        <source>sure</source>
        <translation>certo</translation>
    </message>
    <message>
        <source>open (bits)</source>
        <translation>em aberto (bits)</translation>
    </message>
    <message>
        <source>Each bit of surprisal halves the probability: 1 bit is 50 %, 3 bits 12.5 %, 10 bits 0.1 %.</source>
        <translation>Cada bit de surpresa reduz a probabilidade à metade: 1 bit é 50 %, 3 bits 12,5 %, 10 bits 0,1 %.</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>esperado</translation>
    </message>
    <message>
        <source>surprising (bits)</source>
        <translation>surpreendente (bits)</translation>
    </message>
</context>
<context>
    <name>TitleField</name>
    <message>
        <source>Click to rename</source>
        <translation>Clique para renomear</translation>
    </message>
</context>
<context>
    <name>Titles</name>
    <message>
        <source>{0}, step {1}</source>
        <translation>{0}, passo {1}</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Copy details</source>
        <translation>Copiar detalhes</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fechar</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Fechar esta mensagem</translation>
    </message>
</context>
<context>
    <name>TokenBar</name>
    <message>
        <source>Surprisal</source>
        <translation>Surpresa</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Probabilidade</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Posto</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>Entropia</translation>
    </message>
    <message>
        <source>Would change</source>
        <translation>Mudaria</translation>
    </message>
    <message>
        <source>What tints the tokens</source>
        <translation>O que tinge os tokens</translation>
    </message>
    <message>
        <source>What tints the tokens; every number is raw, over the full vocabulary.</source>
        <translation>O que tinge os tokens; todo número é bruto, sobre o vocabulário inteiro.</translation>
    </message>
    <message>
        <source>Prompt too</source>
        <translation>Também o prompt</translation>
    </message>
    <message>
        <source>Score the system prompt, the template&apos;s own tokens and your messages too, with the loaded model</source>
        <translation>Pontua também o prompt de sistema, os tokens do próprio template e as suas mensagens, com o modelo carregado</translation>
    </message>
    <message>
        <source>Score the prompt too</source>
        <translation>Pontuar também o prompt</translation>
    </message>
    <message>
        <source>Surprising token before (Shift+F8)</source>
        <translation>Token surpreendente anterior (Shift+F8)</translation>
    </message>
    <message>
        <source>Next surprising token (F8)</source>
        <translation>Próximo token surpreendente (F8)</translation>
    </message>
    <message>
        <source>What other sliders would change is underlined; move one to see it.</source>
        <translation>O que outros controles mudariam fica sublinhado; mova um para ver.</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>esperado</translation>
    </message>
    <message>
        <source>surprising (bits)</source>
        <translation>surpreendente (bits)</translation>
    </message>
    <message>
        <source>sure</source>
        <translation>certo</translation>
    </message>
    <message>
        <source>open (bits)</source>
        <translation>em aberto (bits)</translation>
    </message>
    <message>
        <source>rank</source>
        <translation>posto</translation>
    </message>
    <message>
        <source>Legend: {0}</source>
        <translation>Legenda: {0}</translation>
    </message>
    <message>
        <source>Scoring the prompt…</source>
        <translation>Pontuando o prompt…</translation>
    </message>
    <message>
        <source>Scoring the prompt: {0} of {1} tokens</source>
        <translation>Pontuando o prompt: {0} de {1} tokens</translation>
    </message>
    <message>
        <source>The prompt is scored as soon as a model is loaded.</source>
        <translation>O prompt será pontuado assim que um modelo for carregado.</translation>
    </message>
    <message>
        <source>{0} tokens · perplexity {1}</source>
        <translation>{0} tokens · perplexidade {1}</translation>
    </message>
    <message>
        <source>{0} tokens · perplexity {1}, so far {2}</source>
        <translation>{0} tokens · perplexidade {1}, até aqui {2}</translation>
    </message>
    <message>
        <source>mean surprisal {0} bits (bars) · mean entropy {1} bits (line)</source>
        <translation>surpresa média {0} bits (barras) · entropia média {1} bits (linha)</translation>
    </message>
    <message>
        <source>Raw, over the full vocabulary, of the tokens of this message; perplexity is 2 to the mean surprisal, of all of them and up to the selected one.</source>
        <translation>Brutas, sobre o vocabulário inteiro, dos tokens desta mensagem; a perplexidade é 2 elevado à surpresa média, de todos eles e até o selecionado.</translation>
    </message>
</context>
<context>
    <name>TokenDialog</name>
    <message>
        <source>Access token of Hugging Face</source>
        <translation>Token de acesso do Hugging Face</translation>
    </message>
    <message>
        <source>Gated and private repositories ask who you are. A token with the right to read is enough; it is made in the settings of your account at huggingface.co.</source>
        <translation>Repositórios restritos e privados perguntam quem é você. Basta um token com direito de leitura; ele é criado nas configurações da sua conta em huggingface.co.</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>Remover</translation>
    </message>
    <message>
        <source>None is kept. It goes into the system&apos;s keyring, or where there is none, into a file only you may read.</source>
        <translation>Nenhum está guardado. Ele vai para o chaveiro do sistema ou, onde não há um, para um arquivo que só você pode ler.</translation>
    </message>
    <message>
        <source>One is kept in the system&apos;s keyring.</source>
        <translation>Há um guardado no chaveiro do sistema.</translation>
    </message>
    <message>
        <source>One is kept in a file that only you may read: this system has no keyring.</source>
        <translation>Há um guardado em um arquivo que só você pode ler: este sistema não tem chaveiro.</translation>
    </message>
    <message>
        <source>HF_TOKEN is set, and comes before one that is kept here.</source>
        <translation>HF_TOKEN está definida e vale antes de um token guardado aqui.</translation>
    </message>
</context>
<context>
    <name>TokenInspector</name>
    <message>
        <source>Click any word</source>
        <translation>Clique em qualquer palavra</translation>
    </message>
    <message>
        <source>One token of the text</source>
        <translation>Um token do texto</translation>
    </message>
    <message>
        <source>See how likely it was, what else was possible, and what cut the rest.</source>
        <translation>Veja quão provável ela era, o que mais era possível e o que cortou o resto.</translation>
    </message>
    <message>
        <source>The selected token</source>
        <translation>O token selecionado</translation>
    </message>
    <message>
        <source>The dart</source>
        <translation>O dardo</translation>
    </message>
    <message>
        <source>What each stage did</source>
        <translation>O que cada etapa fez</translation>
    </message>
    <message>
        <source>After the chain</source>
        <translation>Depois da cadeia</translation>
    </message>
    <message>
        <source>Token {0}</source>
        <translation>Token {0}</translation>
    </message>
    <message>
        <source>The first token: nothing stands before it, so no model could expect it.</source>
        <translation>O primeiro token: não há nada antes dele, então nenhum modelo poderia esperá-lo.</translation>
    </message>
    <message>
        <source>Kept from the reply that this one branched off: there it is told how it was drawn.</source>
        <translation>Mantido da resposta de que esta é um ramo: lá se diz como foi sorteado.</translation>
    </message>
    <message>
        <source>Put here by you, not drawn.</source>
        <translation>Colocado aqui por você, não sorteado.</translation>
    </message>
    <message>
        <source>Given, not drawn.</source>
        <translation>Dado, não sorteado.</translation>
    </message>
    <message>
        <source>Nothing is drawn here: it is what the chain would draw, with the same luck at each evaluation.</source>
        <translation>Aqui nada é sorteado: é o que a cadeia sortearia, com a mesma sorte em cada avaliação.</translation>
    </message>
    <message>
        <source>The only token that was left: no luck was involved.</source>
        <translation>O único token que restou: não houve sorte envolvida.</translation>
    </message>
    <message>
        <source>Drawn by the dart from the tokens that were left.</source>
        <translation>Sorteado pelo dardo entre os tokens que restaram.</translation>
    </message>
    <message>
        <source>Kept from the reply that this one branched off.</source>
        <translation>Mantido da resposta de que esta é um ramo.</translation>
    </message>
    <message>
        <source>The chat template put it there.</source>
        <translation>O template da conversa o pôs ali.</translation>
    </message>
    <message>
        <source>A control token: it is not part of the text.</source>
        <translation>Um token de controle: não faz parte do texto.</translation>
    </message>
    <message>
        <source>approximate: the penalties count tokens of the prompt, which were not recorded</source>
        <translation>aproximado: as penalidades contam tokens do prompt, que não foram guardados</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>exato</translation>
    </message>
    <message>
        <source>approximate: not all that the grammar allows here is known</source>
        <translation>aproximado: não se sabe tudo o que a gramática permite aqui</translation>
    </message>
    <message>
        <source>approximate: only the stored candidates are known</source>
        <translation>aproximado: só se conhecem os candidatos guardados</translation>
    </message>
    <message>
        <source>{0} → {1} tokens, {2} of the probability stays</source>
        <translation>{0} → {1} tokens; fica {2} da probabilidade</translation>
    </message>
    <message>
        <source>changes nothing here</source>
        <translation>não muda nada aqui</translation>
    </message>
    <message>
        <source>removes none, shifts probability: {0} bits (KL)</source>
        <translation>não remove nenhum, desloca a probabilidade: {0} bits (KL)</translation>
    </message>
    <message>
        <source>With the present sliders a token that is not listed might come ({0}).</source>
        <translation>Com os controles atuais poderia vir um token que não está na lista ({0}).</translation>
    </message>
    <message>
        <source>after “…{0}”</source>
        <translation>depois de “…{0}”</translation>
    </message>
    <message>
        <source>The token before</source>
        <translation>O token anterior</translation>
    </message>
    <message>
        <source>The token after</source>
        <translation>O próximo token</translation>
    </message>
    <message>
        <source>With the present sliders</source>
        <translation>Com os controles atuais</translation>
    </message>
    <message>
        <source>Put here by you. With this reply&apos;s dart the chain would have drawn it as well.</source>
        <translation>Colocado aqui por você. Com o dardo desta resposta, a cadeia também o teria sorteado.</translation>
    </message>
    <message>
        <source>Put here by you. With this reply&apos;s dart the chain would have drawn “{0}”.</source>
        <translation>Colocado aqui por você. Com o dardo desta resposta, a cadeia teria sorteado “{0}”.</translation>
    </message>
    <message>
        <source>With the present sliders and the same dart: the same token, with {0} ({1}).</source>
        <translation>Com os controles atuais e o mesmo dardo: o mesmo token, com {0} ({1}).</translation>
    </message>
    <message>
        <source>With the present sliders and the same dart: “{0}” instead, with {1} ({2}).</source>
        <translation>Com os controles atuais e o mesmo dardo: “{0}” no lugar, com {1} ({2}).</translation>
    </message>
    <message>
        <source>One random number, {0}, on the bar of the final probabilities, the most likely token first.</source>
        <translation>Um número aleatório, {0}, sobre a barra das probabilidades finais, com o token mais provável primeiro.</translation>
    </message>
    <message>
        <source>What each stage would do</source>
        <translation>O que cada etapa faria</translation>
    </message>
</context>
<context>
    <name>TokenRows</name>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
</context>
<context>
    <name>TokenStrip</name>
    <message>
        <source>Surprisal and entropy along the reply</source>
        <translation>Surpresa e entropia ao longo da resposta</translation>
    </message>
    <message>
        <source>{0}: surprisal {1} bits, entropy {2} bits</source>
        <translation>{0}: surpresa {1} bits, entropia {2} bits</translation>
    </message>
</context>
<context>
    <name>TrainingPage</name>
    <message>
        <source>Watch a model learn</source>
        <translation>Veja um modelo aprender</translation>
    </message>
    <message>
        <source>Give it texts, and a model learns to expect their next token. It trains on this machine, goes on when the window is closed, and every step can be seen.</source>
        <translation>Dê textos a um modelo e ele aprende a esperar o próximo token. O treino acontece neste computador, continua com a janela fechada, e cada passo pode ser visto.</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>Novo treino</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Treino</translation>
    </message>
    <message>
        <source>Read the values along a curve</source>
        <translation>Ler os valores ao longo de uma curva</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation>Esquerda, Direita</translation>
    </message>
    <message>
        <source>Look closer at a curve, and at all of it again</source>
        <translation>Ver uma curva de perto, e de novo inteira</translation>
    </message>
    <message>
        <source>+, -, 0</source>
        <translation>+, -, 0</translation>
    </message>
    <message>
        <source>From evaluation to evaluation on the timeline</source>
        <translation>De avaliação em avaliação na linha do tempo</translation>
    </message>
    <message>
        <source>Delete the run in the list</source>
        <translation>Excluir o treino na lista</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
    <message>
        <source>New training run</source>
        <translation>Novo treino</translation>
    </message>
    <message>
        <source>Delete run</source>
        <translation>Excluir treino</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausar</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Stop training</source>
        <translation>Parar o treino</translation>
    </message>
    <message>
        <source>Save now</source>
        <translation>Salvar agora</translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Comparar com…</translation>
    </message>
    <message>
        <source>New run like this</source>
        <translation>Novo treino como este</translation>
    </message>
    <message>
        <source>Title, tags and notes of the run</source>
        <translation>Título, etiquetas e notas do treino</translation>
    </message>
    <message>
        <source>Search all runs</source>
        <translation>Buscar em todos os treinos</translation>
    </message>
    <message>
        <source>Save a checkpoint and wait, with everything in memory</source>
        <translation>Salvar um ponto de controle e esperar, com tudo na memória</translation>
    </message>
    <message>
        <source>Go on from where the run stands</source>
        <translation>Continuar de onde o treino está</translation>
    </message>
    <message>
        <source>Save a checkpoint and end; the run can be resumed</source>
        <translation>Salvar um ponto de controle e terminar; o treino pode ser retomado</translation>
    </message>
    <message>
        <source>Save a checkpoint now</source>
        <translation>Salvar um ponto de controle agora</translation>
    </message>
    <message>
        <source>The same plan once more, to be changed before it is begun</source>
        <translation>O mesmo plano outra vez, para mudar antes de começar</translation>
    </message>
    <message>
        <source>Draw other runs beside this one, in bits per byte</source>
        <translation>Desenhar outros treinos ao lado deste, em bits por byte</translation>
    </message>
    <message>
        <source>List of runs</source>
        <translation>Lista de treinos</translation>
    </message>
    <message>
        <source>Next token, samples and run</source>
        <translation>Próximo token, amostras e treino</translation>
    </message>
    <message>
        <source>Width of the list of runs</source>
        <translation>Largura da lista de treinos</translation>
    </message>
    <message>
        <source>Width of next token, samples and run</source>
        <translation>Largura de próximo token, amostras e treino</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Treino</translation>
    </message>
    <message>
        <source>The training is being started…</source>
        <translation>O treino está sendo iniciado…</translation>
    </message>
</context>
<context>
    <name>TrainingState</name>
    <message>
        <source>“{0}” was deleted.</source>
        <translation>“{0}” foi excluído.</translation>
    </message>
    <message>
        <source>{0} was written. It is put beside its model in the chat, by the menu of the model.</source>
        <translation>{0} foi escrito. No chat, o menu do modelo o põe ao lado do modelo dele.</translation>
    </message>
</context>
<context>
    <name>TrainingTexts</name>
    <message>
        <source>starting</source>
        <translation>começando</translation>
    </message>
    <message>
        <source>reading the texts</source>
        <translation>lendo os textos</translation>
    </message>
    <message>
        <source>running</source>
        <translation>em andamento</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>em pausa</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>terminado</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>parado</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>falhou</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>interrompido</translation>
    </message>
    <message>
        <source>pausing…</source>
        <translation>pausando…</translation>
    </message>
    <message>
        <source>going on…</source>
        <translation>continuando…</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>parando…</translation>
    </message>
    <message>
        <source>saving…</source>
        <translation>salvando…</translation>
    </message>
    <message>
        <source>sums that are made up</source>
        <translation>somas inventadas</translation>
    </message>
    <message>
        <source>Muon with AdamW</source>
        <translation>Muon com AdamW</translation>
    </message>
    <message>
        <source>Its process ended without a word, as when the machine is switched off. “Go on” takes it up at its last checkpoint.</source>
        <translation>O processo terminou sem dizer nada, como quando o computador é desligado. “Continuar” retoma do último ponto de controle.</translation>
    </message>
    <message>
        <source>Its process ended without a word before a checkpoint was saved: it has to be begun anew.</source>
        <translation>O processo terminou sem dizer nada antes de salvar um ponto de controle: é preciso começar de novo.</translation>
    </message>
    <message>
        <source>step {0} of {1}</source>
        <translation>passo {0} de {1}</translation>
    </message>
    <message>
        <source>Another version of Próxima wrote this run. Not known here, and passed over: {0}.</source>
        <translation>Outra versão do Próxima escreveu este treino. Não se conhece aqui, e foi deixado de lado: {0}.</translation>
    </message>
    <message>
        <source>Of its plan {0} cannot be read, so it can be looked at, but not go on.</source>
        <translation>Do seu plano, {0} não pode ser lido; dá para olhar o treino, mas não continuá-lo.</translation>
    </message>
    <message>
        <source>{0} bits per byte</source>
        <translation>{0} bits por byte</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} min {1} s</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} h {1} min</translation>
    </message>
    <message>
        <source>{0} days {1} h</source>
        <translation>{0} dias {1} h</translation>
    </message>
    <message>
        <source>{0} tokens/s</source>
        <translation>{0} tokens/s</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>Conversa</translation>
    </message>
</context>
<context>
    <name>TreePane</name>
    <message>
        <source>What might come, as a tree</source>
        <translation>O que pode vir, em árvore</translation>
    </message>
    <message>
        <source>From the caret on, each likely token opens a branch of its own.</source>
        <translation>A partir do cursor, cada token provável abre um ramo próprio.</translation>
    </message>
    <message>
        <source>Grow the tree</source>
        <translation>Fazer a árvore crescer</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Profundidade</translation>
    </message>
    <message>
        <source>Tokens from the caret on.</source>
        <translation>Tokens a partir do cursor.</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Largura</translation>
    </message>
    <message>
        <source>Branches at most from one token.</source>
        <translation>No máximo tantos ramos de um token.</translation>
    </message>
    <message>
        <source>Share of the probability that the branches of a token cover together.</source>
        <translation>Parte da probabilidade que os ramos de um token cobrem juntos.</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Parar</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>Expandir</translation>
    </message>
    <message>
        <source>greedy</source>
        <translation>guloso</translation>
    </message>
    <message>
        <source>most likely path</source>
        <translation>caminho mais provável</translation>
    </message>
    <message>
        <source>drawn by the chain</source>
        <translation>sorteado pela cadeia</translation>
    </message>
    <message>
        <source>{0} bits, {1} in all. Click to take it into the document.</source>
        <translation>{0} bits, {1} no total. Clique para levá-lo ao documento.</translation>
    </message>
    <message>
        <source>Of another place, after “…{0}”, in the text as it was: grow it again for the one above.</source>
        <translation>De outro lugar, depois de “…{0}”, no texto como era: expanda de novo para o de cima.</translation>
    </message>
    <message>
        <source>{0} tokens after “…{1}”</source>
        <translation>{0} tokens depois de “…{1}”</translation>
    </message>
    <message>
        <source>“{0}”: path of {1} bits, {2} in all · Enter takes it into the document</source>
        <translation>“{0}”: caminho de {1} bits, {2} no total · Enter leva-o ao documento</translation>
    </message>
</context>
<context>
    <name>TreeView</name>
    <message>
        <source>Tree of what might come</source>
        <translation>Árvore do que pode vir</translation>
    </message>
    <message>
        <source>{0} bits</source>
        <translation>{0} bits</translation>
    </message>
    <message>
        <source>“{0}”: {1} raw, rank {2}; the path to here: {3} bits</source>
        <translation>“{0}”: {1} bruta, posto {2}; o caminho até aqui: {3} bits</translation>
    </message>
    <message>
        <source>greedy</source>
        <translation>guloso</translation>
    </message>
    <message>
        <source>most likely path</source>
        <translation>caminho mais provável</translation>
    </message>
    <message>
        <source>drawn by the chain</source>
        <translation>sorteado pela cadeia</translation>
    </message>
</context>
<context>
    <name>Trying</name>
    <message>
        <source>Another model is loaded than the one that wrote this reply; with that one it can be computed.</source>
        <translation>Está carregado outro modelo, e não o que escreveu esta resposta; com aquele isso pode ser calculado.</translation>
    </message>
    <message>
        <source>The context was full before the end of the reply.</source>
        <translation>O contexto ficou cheio antes do fim da resposta.</translation>
    </message>
</context>
<context>
    <name>TypeBars</name>
    <message>
        <source>Weights by type: {0}</source>
        <translation>Pesos por tipo: {0}</translation>
    </message>
    <message>
        <source>1 tensor · {0}</source>
        <translation>1 tensor · {0}</translation>
    </message>
    <message>
        <source>{0} tensors · {1}</source>
        <translation>{0} tensores · {1}</translation>
    </message>
</context>
<context>
    <name>Verb</name>
    <message>
        <source>It ended without a word.</source>
        <translation>Terminou sem dizer nada.</translation>
    </message>
</context>
<context>
    <name>Whole</name>
    <message>
        <source>The most is {0}.</source>
        <translation>O máximo é {0}.</translation>
    </message>
</context>
<context>
    <name>WorkingView</name>
    <message>
        <source>Worked out</source>
        <translation>A conta</translation>
    </message>
    <message>
        <source>The raw line takes the logarithm of the sum of exp(logit) over the whole vocabulary from the logit: that is what dividing by the sum comes to.</source>
        <translation>A linha bruta subtrai do logit o logaritmo da soma de exp(logit) sobre o vocabulário inteiro: é o mesmo que dividir pela soma.</translation>
    </message>
    <message>
        <source>“{0}” worked out</source>
        <translation>A conta de “{0}”</translation>
    </message>
    <message>
        <source>raw: exp({0} − {1}) = {2}</source>
        <translation>bruta: exp({0} − {1}) = {2}</translation>
    </message>
    <message>
        <source>after the chain: {0} = {1}</source>
        <translation>depois da cadeia: {0} = {1}</translation>
    </message>
    <message>
        <source>removes it</source>
        <translation>o remove</translation>
    </message>
    <message>
        <source>keeps it: {0} / {1} = {2}</source>
        <translation>o mantém: {0} / {1} = {2}</translation>
    </message>
    <message>
        <source>{0} / {1} = {2}; exp, divided by the sum: {3}</source>
        <translation>{0} / {1} = {2}; exp, dividido pela soma: {3}</translation>
    </message>
    <message>
        <source>logit {0} → {1}; exp, divided by the sum: {2}</source>
        <translation>logit {0} → {1}; exp, dividido pela soma: {2}</translation>
    </message>
</context>
<context>
    <name>_AdapterRow</name>
    <message>
        <source>Strength of {0}</source>
        <translation>Força de {0}</translation>
    </message>
    <message>
        <source>1 is as it was trained; less is weaker, more is stronger, 0 is nothing of it.</source>
        <translation>1 é como foi treinado; menos é mais fraco, mais é mais forte, 0 é nada dele.</translation>
    </message>
    <message>
        <source>Take this adapter away</source>
        <translation>Retirar este adaptador</translation>
    </message>
</context>
<context>
    <name>_Files</name>
    <message>
        <source>Leave {0} out</source>
        <translation>Deixar {0} de fora</translation>
    </message>
</context>
<context>
    <name>_Panel</name>
    <message>
        <source>{0}: {1} tokens</source>
        <translation>{0}: {1} tokens</translation>
    </message>
    <message>
        <source>tokens left: {0}, the first with {1}</source>
        <translation>tokens restantes: {0}, o primeiro com {1}</translation>
    </message>
    <message>
        <source>{0}: raw {1}, after the chain {2}</source>
        <translation>{0}: bruta {1}, depois da cadeia {2}</translation>
    </message>
</context>
<context>
    <name>_Table</name>
    <message>
        <source>Copy the row</source>
        <translation>Copiar a linha</translation>
    </message>
    <message>
        <source>Copy: {0}</source>
        <translation>Copiar: {0}</translation>
    </message>
</context>
<context>
    <name>_Versions</name>
    <message>
        <source>Previous version</source>
        <translation>Versão anterior</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Próxima versão</translation>
    </message>
    <message>
        <source>Version {0} of {1}</source>
        <translation>Versão {0} de {1}</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>A batch of {0} rows cannot be shared by {1} processes.</source>
        <translation>Um lote de {0} linhas não pode ser dividido por {1} processos.</translation>
    </message>
    <message>
        <source>A checkpoint of this model takes {0} GB, and {1} GB are free on the disk of {2}.</source>
        <translation>Um ponto de controle deste modelo ocupa {0} GB, e há {1} GB livres no disco de {2}.</translation>
    </message>
    <message>
        <source>A file is called {0}, which is no name that can be used here.</source>
        <translation>Um arquivo se chama {0}, um nome que não pode ser usado aqui.</translation>
    </message>
    <message>
        <source>A key-value cache of type {0} needs flash attention.</source>
        <translation>Um cache de chaves e valores do tipo {0} precisa de flash attention.</translation>
    </message>
    <message>
        <source>A plain format is used instead.</source>
        <translation>Um formato simples será usado no lugar.</translation>
    </message>
    <message>
        <source>A preset of this file has a name that cannot be used.</source>
        <translation>Uma predefinição deste arquivo tem um nome que não pode ser usado.</translation>
    </message>
    <message>
        <source>A rule of the grammar begins with itself.</source>
        <translation>Uma regra da gramática começa consigo mesma.</translation>
    </message>
    <message>
        <source>A run that has begun keeps its {0}.</source>
        <translation>Um treino já começado mantém o seu {0}.</translation>
    </message>
    <message>
        <source>A vocabulary of {0} tokens cannot hold the 256 bytes and {1} control tokens.</source>
        <translation>Um vocabulário de {0} tokens não comporta os 256 bytes e {1} tokens de controle.</translation>
    </message>
    <message>
        <source>Adapters stand beside a GGUF file in llama.cpp.</source>
        <translation>Adaptadores ficam ao lado de um arquivo GGUF no llama.cpp.</translation>
    </message>
    <message>
        <source>All parts of a model lie in one folder.</source>
        <translation>Todas as partes de um modelo ficam na mesma pasta.</translation>
    </message>
    <message>
        <source>Another Próxima is fetching models.</source>
        <translation>Outra Próxima está baixando modelos.</translation>
    </message>
    <message>
        <source>Another preset has this name.</source>
        <translation>Outra predefinição tem este nome.</translation>
    </message>
    <message>
        <source>Ask for at least {0}.</source>
        <translation>Peça pelo menos {0}.</translation>
    </message>
    <message>
        <source>Ask for less at a time.</source>
        <translation>Peça menos de cada vez.</translation>
    </message>
    <message>
        <source>Ask on {0}; when you are admitted, give an access token of your account (Models, Access token; or proxima token).</source>
        <translation>Peça acesso em {0}; quando for aceito, informe um token de acesso da sua conta (Modelos, Token de acesso; ou proxima token).</translation>
    </message>
    <message>
        <source>Change the model&apos;s shape.</source>
        <translation>Mude a forma do modelo.</translation>
    </message>
    <message>
        <source>Change the name in the file, or export the preset again.</source>
        <translation>Mude o nome no arquivo ou exporte a predefinição de novo.</translation>
    </message>
    <message>
        <source>Check it, or begin with {}.</source>
        <translation>Confira-o ou comece com {}.</translation>
    </message>
    <message>
        <source>Check its number.</source>
        <translation>Confira o número.</translation>
    </message>
    <message>
        <source>Check its rights.</source>
        <translation>Verifique as permissões.</translation>
    </message>
    <message>
        <source>Check that it is there and whole.</source>
        <translation>Verifique se ele existe e está inteiro.</translation>
    </message>
    <message>
        <source>Check that the disk is not full.</source>
        <translation>Verifique se o disco não está cheio.</translation>
    </message>
    <message>
        <source>Check that there is room on the disk.</source>
        <translation>Verifique se há espaço no disco.</translation>
    </message>
    <message>
        <source>Check the connection; everything else goes on working.</source>
        <translation>Verifique a conexão; todo o resto continua funcionando.</translation>
    </message>
    <message>
        <source>Check the connection; what has arrived is kept.</source>
        <translation>Verifique a conexão; o que já chegou fica guardado.</translation>
    </message>
    <message>
        <source>Check the data folder.</source>
        <translation>Confira a pasta de dados.</translation>
    </message>
    <message>
        <source>Check the file and its rights.</source>
        <translation>Verifique o arquivo e suas permissões.</translation>
    </message>
    <message>
        <source>Check the folder, and that the disk is not full.</source>
        <translation>Verifique a pasta e se o disco não está cheio.</translation>
    </message>
    <message>
        <source>Check the key.</source>
        <translation>Confira a chave.</translation>
    </message>
    <message>
        <source>Check the name and the value.</source>
        <translation>Verifique o nome e o valor.</translation>
    </message>
    <message>
        <source>Check the name of repository and file.</source>
        <translation>Confira o nome do repositório e do arquivo.</translation>
    </message>
    <message>
        <source>Check the name; a private one needs an access token of your account.</source>
        <translation>Confira o nome; um repositório privado exige um token de acesso da sua conta.</translation>
    </message>
    <message>
        <source>Check the path.</source>
        <translation>Verifique o caminho.</translation>
    </message>
    <message>
        <source>Choose a .json file that was made with Export.</source>
        <translation>Escolha um arquivo .json feito com Exportar.</translation>
    </message>
    <message>
        <source>Choose a GGUF file as the model.</source>
        <translation>Escolha um arquivo GGUF como modelo.</translation>
    </message>
    <message>
        <source>Choose a GGUF file, a training run, or a folder with config.json and model.safetensors.</source>
        <translation>Escolha um arquivo GGUF, um treinamento ou uma pasta com config.json e model.safetensors.</translation>
    </message>
    <message>
        <source>Choose a chat or text model; embedding and translation models do something else.</source>
        <translation>Escolha um modelo de conversa ou de texto; modelos de embeddings e de tradução fazem outra coisa.</translation>
    </message>
    <message>
        <source>Choose a checkpoint folder.</source>
        <translation>Escolha uma pasta de checkpoint.</translation>
    </message>
    <message>
        <source>Choose a file that was made with Export.</source>
        <translation>Escolha um arquivo feito com Exportar.</translation>
    </message>
    <message>
        <source>Choose a file whose name ends in .gguf.</source>
        <translation>Escolha um arquivo cujo nome termina em .gguf.</translation>
    </message>
    <message>
        <source>Choose a folder that a training with LoRA wrote.</source>
        <translation>Escolha uma pasta gravada por um treino com LoRA.</translation>
    </message>
    <message>
        <source>Choose a longer context.</source>
        <translation>Escolha um contexto maior.</translation>
    </message>
    <message>
        <source>Choose a model first.</source>
        <translation>Escolha um modelo primeiro.</translation>
    </message>
    <message>
        <source>Choose a model with the tokenizer of Llama, Mistral or Qwen.</source>
        <translation>Escolha um modelo com o tokenizador do Llama, do Mistral ou do Qwen.</translation>
    </message>
    <message>
        <source>Choose a reply of a model.</source>
        <translation>Escolha a resposta de um modelo.</translation>
    </message>
    <message>
        <source>Choose a shorter context, or a smaller model.</source>
        <translation>Escolha um contexto menor ou um modelo menor.</translation>
    </message>
    <message>
        <source>Choose a smaller model, or one with fewer bits for each weight.</source>
        <translation>Escolha um modelo menor ou com menos bits por peso.</translation>
    </message>
    <message>
        <source>Choose an adapter as GGUF.</source>
        <translation>Escolha um adaptador em GGUF.</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>Escolha outro arquivo.</translation>
    </message>
    <message>
        <source>Choose another folder for the run.</source>
        <translation>Escolha outra pasta para o treino.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Escolha outra pasta.</translation>
    </message>
    <message>
        <source>Choose another model to train on.</source>
        <translation>Escolha outro modelo para treinar.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Escolha outro nome.</translation>
    </message>
    <message>
        <source>Choose f16 for the cache.</source>
        <translation>Escolha f16 para o cache.</translation>
    </message>
    <message>
        <source>Choose the device cpu or auto.</source>
        <translation>Escolha o dispositivo cpu ou auto.</translation>
    </message>
    <message>
        <source>Choose the folder that it lies in.</source>
        <translation>Escolha a pasta em que ele está.</translation>
    </message>
    <message>
        <source>Choose the token again.</source>
        <translation>Escolha o token de novo.</translation>
    </message>
    <message>
        <source>Close the quotation mark or bracket at its end.</source>
        <translation>Feche as aspas ou os colchetes no fim dela.</translation>
    </message>
    <message>
        <source>Copy it from your account&apos;s page as it is.</source>
        <translation>Copie-o da página da sua conta, sem mudanças.</translation>
    </message>
    <message>
        <source>Correct it in the file, or export the preset again.</source>
        <translation>Corrija-o no arquivo ou exporte a predefinição de novo.</translation>
    </message>
    <message>
        <source>Correct the file.</source>
        <translation>Corrija o arquivo.</translation>
    </message>
    <message>
        <source>Did you mean {0}?</source>
        <translation>Você quis dizer {0}?</translation>
    </message>
    <message>
        <source>Do not trust this file.</source>
        <translation>Não confie neste arquivo.</translation>
    </message>
    <message>
        <source>Do not trust this folder.</source>
        <translation>Não confie nesta pasta.</translation>
    </message>
    <message>
        <source>Do not trust this source.</source>
        <translation>Não confie nesta fonte.</translation>
    </message>
    <message>
        <source>Each line should look like {&quot;text&quot;: &quot;...&quot;} or {&quot;messages&quot;: [{&quot;role&quot;: &quot;user&quot;, &quot;content&quot;: &quot;...&quot;}, ...]}.</source>
        <translation>Cada linha deve ser como {&quot;text&quot;: &quot;...&quot;} ou {&quot;messages&quot;: [{&quot;role&quot;: &quot;user&quot;, &quot;content&quot;: &quot;...&quot;}, ...]}.</translation>
    </message>
    <message>
        <source>Export it again.</source>
        <translation>Exporte de novo.</translation>
    </message>
    <message>
        <source>Export it first.</source>
        <translation>Exporte primeiro.</translation>
    </message>
    <message>
        <source>Export the conversation again.</source>
        <translation>Exporte a conversa de novo.</translation>
    </message>
    <message>
        <source>Export the presets again.</source>
        <translation>Exporte as predefinições de novo.</translation>
    </message>
    <message>
        <source>Export this model as GGUF, or turn the grammar off.</source>
        <translation>Exporte este modelo como GGUF ou desligue a gramática.</translation>
    </message>
    <message>
        <source>Fetch it with that file, or use the model as a GGUF file.</source>
        <translation>Baixe-a com esse arquivo, ou use o modelo como arquivo GGUF.</translation>
    </message>
    <message>
        <source>Fetch the file again.</source>
        <translation>Baixe o arquivo de novo.</translation>
    </message>
    <message>
        <source>Fetch the folder again.</source>
        <translation>Baixe a pasta de novo.</translation>
    </message>
    <message>
        <source>Fetch the model as safetensors or GGUF.</source>
        <translation>Baixe o modelo como safetensors ou GGUF.</translation>
    </message>
    <message>
        <source>Fewer layers there would fit.</source>
        <translation>Menos camadas caberiam lá.</translation>
    </message>
    <message>
        <source>Give a seed of 0 or more.</source>
        <translation>Informe uma semente de 0 ou mais.</translation>
    </message>
    <message>
        <source>Give an access token of your account.</source>
        <translation>Informe um token de acesso da sua conta.</translation>
    </message>
    <message>
        <source>Give another one, or none.</source>
        <translation>Informe outro, ou nenhum.</translation>
    </message>
    <message>
        <source>Give at most {0}, or leave it out.</source>
        <translation>Informe no máximo {0}, ou deixe de fora.</translation>
    </message>
    <message>
        <source>Give conversations in which user and assistant take turns.</source>
        <translation>Use conversas em que usuário e assistente se alternam.</translation>
    </message>
    <message>
        <source>Give conversations with messages of the assistant, or choose the objective pretraining.</source>
        <translation>Dê conversas com mensagens do assistente, ou escolha aprender todos os tokens.</translation>
    </message>
    <message>
        <source>Give files that hold some text.</source>
        <translation>Dê arquivos que tenham algum texto.</translation>
    </message>
    <message>
        <source>Give it a [model] part, or name a run with --set start_from=RUN.</source>
        <translation>Acrescente uma parte [model], ou indique um treino com --set start_from=RUN.</translation>
    </message>
    <message>
        <source>Give more text, or set block to at most {0}.</source>
        <translation>Forneça mais texto, ou ajuste block para no máximo {0}.</translation>
    </message>
    <message>
        <source>Give plain text in UTF-8.</source>
        <translation>Dê texto simples em UTF-8.</translation>
    </message>
    <message>
        <source>Give some text.</source>
        <translation>Informe algum texto.</translation>
    </message>
    <message>
        <source>Grammars work with models in GGUF files only.</source>
        <translation>Gramáticas só funcionam com modelos em arquivos GGUF.</translation>
    </message>
    <message>
        <source>HF_HUB_OFFLINE is set, so nothing is fetched.</source>
        <translation>HF_HUB_OFFLINE está definida, por isso nada é baixado.</translation>
    </message>
    <message>
        <source>Install it with `pip install pyarrow` (the extra parquet), or save the file as CSV or JSON lines.</source>
        <translation>Instale-o com `pip install pyarrow` (o extra parquet), ou salve o arquivo como CSV ou linhas JSON.</translation>
    </message>
    <message>
        <source>Install it with: pip install tensorboardX (the extra tensorboard). Or leave the logs out.</source>
        <translation>Instale com: pip install tensorboardX (o extra tensorboard). Ou deixe os registros de fora.</translation>
    </message>
    <message>
        <source>Install that version again, or choose another data folder.</source>
        <translation>Instale aquela versão de novo ou escolha outra pasta de dados.</translation>
    </message>
    <message>
        <source>It can be followed with: proxima runs show {0}</source>
        <translation>Pode ser acompanhado com: proxima runs show {0}</translation>
    </message>
    <message>
        <source>It has: {0}.</source>
        <translation>Ele tem: {0}.</translation>
    </message>
    <message>
        <source>It may load all the same.</source>
        <translation>Mesmo assim, ele talvez carregue.</translation>
    </message>
    <message>
        <source>It opens {0}.</source>
        <translation>Ele abre {0}.</translation>
    </message>
    <message>
        <source>It would run from the disk, many times slower.</source>
        <translation>Ele rodaria a partir do disco, muitas vezes mais devagar.</translation>
    </message>
    <message>
        <source>Its size alone is known.</source>
        <translation>Só se conhece o tamanho.</translation>
    </message>
    <message>
        <source>Its {0} is {1}, which is no number.</source>
        <translation>O valor de {0} é {1}, que não é um número.</translation>
    </message>
    <message>
        <source>Known ones are: {0}.</source>
        <translation>Os conhecidos são: {0}.</translation>
    </message>
    <message>
        <source>Leave the logs out.</source>
        <translation>Deixe os registros de fora.</translation>
    </message>
    <message>
        <source>Let something stand before it: a ::= &quot;x&quot; a.</source>
        <translation>Ponha algo antes dela: a ::= &quot;x&quot; a.</translation>
    </message>
    <message>
        <source>Line {0} of {1} is neither a text nor a conversation: {2}.</source>
        <translation>A linha {0} de {1} não é nem um texto nem uma conversa: {2}.</translation>
    </message>
    <message>
        <source>Line {0} of {1} is no JSON object with a text or messages.</source>
        <translation>A linha {0} de {1} não é um objeto JSON com um texto ou mensagens.</translation>
    </message>
    <message>
        <source>Load it with a longer one.</source>
        <translation>Carregue-o com um maior.</translation>
    </message>
    <message>
        <source>Load the model again.</source>
        <translation>Carregue o modelo de novo.</translation>
    </message>
    <message>
        <source>Load the model that it belongs to, and add this file to its adapters.</source>
        <translation>Carregue o modelo a que ele pertence e acrescente este arquivo aos adaptadores dele.</translation>
    </message>
    <message>
        <source>Load the model that it belongs to.</source>
        <translation>Carregue o modelo a que ele pertence.</translation>
    </message>
    <message>
        <source>Loading it may fail, and may slow down or end other programs.</source>
        <translation>Carregá-lo pode falhar e pode deixar outros programas lentos ou encerrá-los.</translation>
    </message>
    <message>
        <source>Logs for TensorBoard need the package tensorboardX, which is not installed.</source>
        <translation>Os registros para o TensorBoard precisam do pacote tensorboardX, que não está instalado.</translation>
    </message>
    <message>
        <source>Look the repository up again.</source>
        <translation>Abra o repositório de novo.</translation>
    </message>
    <message>
        <source>Lower the learning rate and begin again.</source>
        <translation>Diminua a taxa de aprendizado e comece de novo.</translation>
    </message>
    <message>
        <source>Lower the learning rate and resume from the last checkpoint, which was kept.</source>
        <translation>Diminua a taxa de aprendizado e retome do último ponto de controle, que foi guardado.</translation>
    </message>
    <message>
        <source>Make it shorter.</source>
        <translation>Torne-a mais curta.</translation>
    </message>
    <message>
        <source>Make room on the disk, then begin again.</source>
        <translation>Libere espaço no disco e comece de novo.</translation>
    </message>
    <message>
        <source>Make room on the disk, then go on; a checkpoint that was saved before is kept.</source>
        <translation>Libere espaço no disco e continue; um ponto de controle salvo antes é mantido.</translation>
    </message>
    <message>
        <source>Make room on the disk, then resume: the run goes on from its last checkpoint, which was kept.</source>
        <translation>Libere espaço no disco e retome: o treino continua do último ponto de controle, que foi mantido.</translation>
    </message>
    <message>
        <source>Make room, or choose a folder on another disk.</source>
        <translation>Libere espaço, ou escolha uma pasta em outro disco.</translation>
    </message>
    <message>
        <source>Make room, or choose a smaller file.</source>
        <translation>Libere espaço ou escolha um arquivo menor.</translation>
    </message>
    <message>
        <source>Make room, take one of the others out of the queue, or choose a smaller file.</source>
        <translation>Libere espaço, tire um dos outros da fila ou escolha um arquivo menor.</translation>
    </message>
    <message>
        <source>Make rules of its parts.</source>
        <translation>Faça regras de suas partes.</translation>
    </message>
    <message>
        <source>Mend it and try again.</source>
        <translation>Corrija e tente de novo.</translation>
    </message>
    <message>
        <source>Mend the recipe.</source>
        <translation>Corrija a receita.</translation>
    </message>
    <message>
        <source>Message {0} is no reply that a model has ended.</source>
        <translation>A mensagem {0} não é uma resposta que um modelo terminou.</translation>
    </message>
    <message>
        <source>Move it away first.</source>
        <translation>Mova-o antes.</translation>
    </message>
    <message>
        <source>Move it away.</source>
        <translation>Mova-o para outro lugar.</translation>
    </message>
    <message>
        <source>Name a GGUF file instead.</source>
        <translation>Indique um arquivo GGUF.</translation>
    </message>
    <message>
        <source>Name a GGUF file.</source>
        <translation>Indique um arquivo GGUF.</translation>
    </message>
    <message>
        <source>Name a folder for the run.</source>
        <translation>Indique uma pasta para o treino.</translation>
    </message>
    <message>
        <source>Name one with --set start_from=MODEL.</source>
        <translation>Indique um com --set start_from=MODEL.</translation>
    </message>
    <message>
        <source>Name one: {0}.</source>
        <translation>Diga qual: {0}.</translation>
    </message>
    <message>
        <source>Name the folder that a training wrote.</source>
        <translation>Indique a pasta que um treino gravou.</translation>
    </message>
    <message>
        <source>Name the folder that deleting it told.</source>
        <translation>Indique a pasta que foi dita ao apagá-lo.</translation>
    </message>
    <message>
        <source>Name the model that wrote it.</source>
        <translation>Indique o modelo que a escreveu.</translation>
    </message>
    <message>
        <source>Name the rule with which a reply begins root.</source>
        <translation>Chame de root a regra com que a resposta começa.</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>Nenhum modelo está carregado.</translation>
    </message>
    <message>
        <source>No model is named.</source>
        <translation>Nenhum modelo foi indicado.</translation>
    </message>
    <message>
        <source>Nothing stands before this token from which the model could predict it.</source>
        <translation>Não há nada antes deste token a partir do qual o modelo pudesse prevê-lo.</translation>
    </message>
    <message>
        <source>Off-line mode is on, so nothing is fetched.</source>
        <translation>O modo off-line está ligado, por isso nada é baixado.</translation>
    </message>
    <message>
        <source>Only models that run in llama.cpp can be compared with it.</source>
        <translation>Só modelos que rodam no llama.cpp podem ser comparados com ele.</translation>
    </message>
    <message>
        <source>Open it as a quantised GGUF file in llama.cpp, or choose a smaller model.</source>
        <translation>Abra-o como arquivo GGUF quantizado no llama.cpp ou escolha um modelo menor.</translation>
    </message>
    <message>
        <source>Pack the data again.</source>
        <translation>Empacote os dados de novo.</translation>
    </message>
    <message>
        <source>Please report this.</source>
        <translation>Por favor, relate este problema.</translation>
    </message>
    <message>
        <source>Put its tokenizer.json beside the weights.</source>
        <translation>Coloque o tokenizer.json ao lado dos pesos.</translation>
    </message>
    <message>
        <source>Remove one of them, or export it again.</source>
        <translation>Remova um deles ou exporte-a de novo.</translation>
    </message>
    <message>
        <source>Resume it first.</source>
        <translation>Retome-o primeiro.</translation>
    </message>
    <message>
        <source>Resume it, or choose another folder.</source>
        <translation>Retome-o, ou escolha outra pasta.</translation>
    </message>
    <message>
        <source>Resume with the recipe that the run was started with.</source>
        <translation>Retome com a receita com que o treino começou.</translation>
    </message>
    <message>
        <source>Rows of {0} tokens are longer than the model&apos;s context of {1}.</source>
        <translation>Linhas de {0} tokens são mais longas que o contexto do modelo, de {1}.</translation>
    </message>
    <message>
        <source>Save it again as CSV in UTF-8.</source>
        <translation>Salve-o de novo como CSV em UTF-8.</translation>
    </message>
    <message>
        <source>Save the file as CSV or JSON lines.</source>
        <translation>Salve o arquivo como CSV ou linhas JSON.</translation>
    </message>
    <message>
        <source>Say what can be left out or repeated once, in one rule.</source>
        <translation>Escreva o que pode faltar ou se repetir uma só vez, em uma só regra.</translation>
    </message>
    <message>
        <source>Search for one whose name ends in GGUF.</source>
        <translation>Procure um cujo nome termine em GGUF.</translation>
    </message>
    <message>
        <source>See on {0} whether you are admitted, or give another token (Models, Access token; or proxima token; HF_TOKEN comes before both).</source>
        <translation>Veja em {0} se você foi admitido, ou informe outro token (Modelos, Token de acesso; ou proxima token; HF_TOKEN vem antes dos dois).</translation>
    </message>
    <message>
        <source>Set a larger batch, or start fewer processes.</source>
        <translation>Escolha um lote maior, ou inicie menos processos.</translation>
    </message>
    <message>
        <source>Set a smaller block, or a larger context_length in [model].</source>
        <translation>Escolha linhas mais curtas, ou um context_length maior em [model].</translation>
    </message>
    <message>
        <source>Set {0} instead.</source>
        <translation>Defina {0} em vez disso.</translation>
    </message>
    <message>
        <source>Shipped ones are: {0}.</source>
        <translation>As que vêm com o programa são: {0}.</translation>
    </message>
    <message>
        <source>Shorten the message, or load the model with a longer context.</source>
        <translation>Encurte a mensagem ou carregue o modelo com um contexto maior.</translation>
    </message>
    <message>
        <source>Something went wrong: {0}</source>
        <translation>Algo deu errado: {0}</translation>
    </message>
    <message>
        <source>Start a new conversation, allow the oldest turns to be left out, or load the model with a longer context.</source>
        <translation>Comece uma nova conversa, permita que as mensagens mais antigas fiquem de fora ou carregue o modelo com um contexto maior.</translation>
    </message>
    <message>
        <source>Start a new conversation, or load the model with a longer context.</source>
        <translation>Comece uma nova conversa ou carregue o modelo com um contexto maior.</translation>
    </message>
    <message>
        <source>Start another run in a folder of its own.</source>
        <translation>Comece outro treino numa pasta própria.</translation>
    </message>
    <message>
        <source>Start the program again.</source>
        <translation>Inicie o programa de novo.</translation>
    </message>
    <message>
        <source>Start without it to go on-line; models that are here work as ever.</source>
        <translation>Inicie sem ela para ficar on-line; os modelos que já estão aqui funcionam como sempre.</translation>
    </message>
    <message>
        <source>Start without resume.</source>
        <translation>Comece sem retomar.</translation>
    </message>
    <message>
        <source>Stop it first.</source>
        <translation>Pare-o primeiro.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Interrompido.</translation>
    </message>
    <message>
        <source>Switch flash attention on, or choose f16 for the cache.</source>
        <translation>Ligue a flash attention ou escolha f16 para o cache.</translation>
    </message>
    <message>
        <source>Take a repository whose name ends in GGUF instead.</source>
        <translation>Escolha em vez disso um repositório cujo nome termine em GGUF.</translation>
    </message>
    <message>
        <source>Take it off the list instead.</source>
        <translation>Em vez disso, tire-o da lista.</translation>
    </message>
    <message>
        <source>Take it off the list, or put the file back.</source>
        <translation>Tire-o da lista, ou devolva o arquivo.</translation>
    </message>
    <message>
        <source>The Hub answered {0}.</source>
        <translation>O Hub respondeu {0}.</translation>
    </message>
    <message>
        <source>The Hub cannot be reached.</source>
        <translation>O Hub não pode ser alcançado.</translation>
    </message>
    <message>
        <source>The Hub does not know this access token.</source>
        <translation>O Hub não conhece este token de acesso.</translation>
    </message>
    <message>
        <source>The Hub has no repository {0}, or does not show it to everybody.</source>
        <translation>O Hub não tem o repositório {0}, ou não o mostra a todos.</translation>
    </message>
    <message>
        <source>The Hub was asked too often.</source>
        <translation>O Hub foi consultado vezes demais.</translation>
    </message>
    <message>
        <source>The JSON schema cannot be read.</source>
        <translation>O esquema JSON não pode ser lido.</translation>
    </message>
    <message>
        <source>The JSON schema is no JSON from line {0}, character {1} on.</source>
        <translation>O esquema JSON não é JSON a partir da linha {0}, caractere {1}.</translation>
    </message>
    <message>
        <source>The [model] part of the recipe is wrong{0}.</source>
        <translation>A parte [model] da receita está errada{0}.</translation>
    </message>
    <message>
        <source>The adapter in {0} is damaged.</source>
        <translation>O adaptador em {0} está danificado.</translation>
    </message>
    <message>
        <source>The adapter in {0} was made for another model than {1} is now.</source>
        <translation>O adaptador em {0} foi feito para um modelo diferente do que {1} é agora.</translation>
    </message>
    <message>
        <source>The checkpoint of step {0} could not be saved.</source>
        <translation>O ponto de controle do passo {0} não pôde ser salvo.</translation>
    </message>
    <message>
        <source>The checkpoint was made with another optimiser.</source>
        <translation>O ponto de controle foi feito com outro otimizador.</translation>
    </message>
    <message>
        <source>The checkpoint {0} is damaged.</source>
        <translation>O ponto de controle {0} está danificado.</translation>
    </message>
    <message>
        <source>The context holds {0} tokens and {1} would be needed.</source>
        <translation>O contexto comporta {0} tokens, e seriam necessários {1}.</translation>
    </message>
    <message>
        <source>The context of this model is too short for this.</source>
        <translation>O contexto deste modelo é curto demais para isto.</translation>
    </message>
    <message>
        <source>The conversation needs {0} tokens; the model&apos;s context holds {1}.</source>
        <translation>A conversa precisa de {0} tokens; o contexto do modelo comporta {1}.</translation>
    </message>
    <message>
        <source>The decoder cannot open a {0} model with these biases.</source>
        <translation>O decodificador não abre um modelo {0} com estes vieses.</translation>
    </message>
    <message>
        <source>The decoder cannot open a {0} model.</source>
        <translation>O decodificador não abre um modelo {0}.</translation>
    </message>
    <message>
        <source>The decoder cannot open {0}.</source>
        <translation>O decodificador não abre {0}.</translation>
    </message>
    <message>
        <source>The decoder does not know the rotary scaling {0}.</source>
        <translation>O decodificador não conhece a escala rotatória {0}.</translation>
    </message>
    <message>
        <source>The decoder has no {0} feed-forward.</source>
        <translation>O decodificador não tem feed-forward {0}.</translation>
    </message>
    <message>
        <source>The decoder needs {0} GB for this model, and {1} GB of memory are free.</source>
        <translation>O decodificador precisa de {0} GB para este modelo, e há {1} GB de memória livres.</translation>
    </message>
    <message>
        <source>The decoder turns whole heads only, this model a part of each.</source>
        <translation>O decodificador só gira cabeças inteiras; este modelo gira uma parte de cada uma.</translation>
    </message>
    <message>
        <source>The disk is full: the checkpoint of step {0} could not be saved.</source>
        <translation>O disco está cheio: o ponto de controle do passo {0} não pôde ser salvo.</translation>
    </message>
    <message>
        <source>The disk is full: {0} cannot be written.</source>
        <translation>O disco está cheio: não dá para escrever em {0}.</translation>
    </message>
    <message>
        <source>The download queue is not open.</source>
        <translation>A fila de downloads não está aberta.</translation>
    </message>
    <message>
        <source>The file does not say how large its model is.</source>
        <translation>O arquivo não diz o tamanho do seu modelo.</translation>
    </message>
    <message>
        <source>The file lacks the tensor token_embd.weight.</source>
        <translation>Falta no arquivo o tensor token_embd.weight.</translation>
    </message>
    <message>
        <source>The file may be damaged, or of a kind that is not known yet.</source>
        <translation>O arquivo pode estar danificado ou ser de um tipo ainda desconhecido.</translation>
    </message>
    <message>
        <source>The file may be damaged; try another one.</source>
        <translation>O arquivo pode estar danificado; tente outro.</translation>
    </message>
    <message>
        <source>The file&apos;s {0} is {1}.</source>
        <translation>O campo {0} do arquivo é {1}.</translation>
    </message>
    <message>
        <source>The files may be of two models.</source>
        <translation>Os arquivos podem ser de dois modelos.</translation>
    </message>
    <message>
        <source>The folder does not say how large its model is.</source>
        <translation>A pasta não diz o tamanho do seu modelo.</translation>
    </message>
    <message>
        <source>The folder {0} has no {1}, so texts cannot be read for its model.</source>
        <translation>A pasta {0} não tem {1}; por isso não se podem ler textos para o seu modelo.</translation>
    </message>
    <message>
        <source>The grammar can go on in too many ways at one place: {0}.</source>
        <translation>A gramática pode continuar de maneiras demais em um só lugar: {0}.</translation>
    </message>
    <message>
        <source>The grammar cannot be read at line {0}, character {1}.</source>
        <translation>A gramática não pode ser lida na linha {0}, caractere {1}.</translation>
    </message>
    <message>
        <source>The grammar cannot be read.</source>
        <translation>A gramática não pode ser lida.</translation>
    </message>
    <message>
        <source>The grammar ends too early.</source>
        <translation>A gramática termina cedo demais.</translation>
    </message>
    <message>
        <source>The grammar has no rule root.</source>
        <translation>A gramática não tem a regra root.</translation>
    </message>
    <message>
        <source>The grammar has no rule “{0}”, named at line {1}, character {2}.</source>
        <translation>A gramática não tem a regra “{0}”, citada na linha {1}, caractere {2}.</translation>
    </message>
    <message>
        <source>The grammar is nested too deeply.</source>
        <translation>A gramática está aninhada demais.</translation>
    </message>
    <message>
        <source>The grammar is too long.</source>
        <translation>A gramática é longa demais.</translation>
    </message>
    <message>
        <source>The index names {0} as weights.</source>
        <translation>O índice aponta {0} como pesos.</translation>
    </message>
    <message>
        <source>The index of the weights is empty.</source>
        <translation>O índice dos pesos está vazio.</translation>
    </message>
    <message>
        <source>The key-value cache of this model cannot be of type {0}.</source>
        <translation>O cache de chaves e valores deste modelo não pode ser do tipo {0}.</translation>
    </message>
    <message>
        <source>The library could not be saved.</source>
        <translation>A biblioteca não pôde ser salva.</translation>
    </message>
    <message>
        <source>The library was written by a newer version of Próxima.</source>
        <translation>A biblioteca foi gravada por uma versão mais nova do Próxima.</translation>
    </message>
    <message>
        <source>The library&apos;s file cannot be read.</source>
        <translation>O arquivo da biblioteca não pode ser lido.</translation>
    </message>
    <message>
        <source>The library&apos;s file is damaged.</source>
        <translation>O arquivo da biblioteca está danificado.</translation>
    </message>
    <message>
        <source>The loss is no number any more at step {0}.</source>
        <translation>A perda deixou de ser um número no passo {0}.</translation>
    </message>
    <message>
        <source>The message needs {0} tokens with a reply to come; the model&apos;s context holds {1}.</source>
        <translation>A mensagem precisa de {0} tokens, contando a resposta; o contexto do modelo comporta {1}.</translation>
    </message>
    <message>
        <source>The model could not evaluate the text.</source>
        <translation>O modelo não conseguiu avaliar o texto.</translation>
    </message>
    <message>
        <source>The model has no chat template, so there is no way to write a conversation for it.</source>
        <translation>O modelo não traz template de conversa, então não há como escrever uma conversa para ele.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template does not come to an end.</source>
        <translation>O formato de conversa do modelo não chega ao fim.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template does not take a conversation of these texts.</source>
        <translation>O template de conversa deste modelo não aceita uma das conversas destes textos.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template is broken, so there is no way to write a conversation for it.</source>
        <translation>O template de conversa deste modelo está com defeito, então não há como escrever uma conversa para ele.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template is broken.</source>
        <translation>O formato de conversa do modelo está com defeito.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template tried something that templates may not do.</source>
        <translation>O formato de conversa do modelo tentou algo que não é permitido.</translation>
    </message>
    <message>
        <source>The model&apos;s context is too short for a measurement.</source>
        <translation>O contexto do modelo é curto demais para uma medição.</translation>
    </message>
    <message>
        <source>The model&apos;s numbers broke down: what it computed is not a number.</source>
        <translation>Os números do modelo desandaram: o que ele calculou não é um número.</translation>
    </message>
    <message>
        <source>The model&apos;s vocabulary has no token that ends a text.</source>
        <translation>O vocabulário do modelo não tem um token que termine um texto.</translation>
    </message>
    <message>
        <source>The notes could not be saved.</source>
        <translation>As notas não puderam ser salvas.</translation>
    </message>
    <message>
        <source>The owner of this repository gives it only to those who were admitted, and the access token in use was refused: it is wrong, or its account is not admitted.</source>
        <translation>O dono deste repositório só o entrega a quem foi admitido, e o token de acesso em uso foi recusado: está errado, ou a conta dele não foi admitida.</translation>
    </message>
    <message>
        <source>The owner of this repository gives it only to those who were admitted.</source>
        <translation>O dono deste repositório só o entrega a quem foi admitido.</translation>
    </message>
    <message>
        <source>The packed data at {0} cannot be read.</source>
        <translation>Os dados empacotados em {0} não podem ser lidos.</translation>
    </message>
    <message>
        <source>The pattern “{0}” names a slot that there is not: {1}.</source>
        <translation>O padrão “{0}” cita um espaço que não existe: {1}.</translation>
    </message>
    <message>
        <source>The preset “{0}” has a number that cannot be used: {1}, {2}, {3}.</source>
        <translation>A predefinição “{0}” tem um número que não pode ser usado: {1}, {2}, {3}.</translation>
    </message>
    <message>
        <source>The preset “{0}” has a sampler that this version does not know: {1}.</source>
        <translation>A predefinição “{0}” tem um amostrador que esta versão não conhece: {1}.</translation>
    </message>
    <message>
        <source>The preset “{0}” has a sampler twice.</source>
        <translation>A predefinição “{0}” tem um amostrador duas vezes.</translation>
    </message>
    <message>
        <source>The preset “{0}” has a text that {1} does not know.</source>
        <translation>A predefinição “{0}” tem um texto que {1} não conhece.</translation>
    </message>
    <message>
        <source>The recipe {0} is wrong{1}.</source>
        <translation>A receita {0} está errada{1}.</translation>
    </message>
    <message>
        <source>The recipe {0} says neither what shape the model has nor what to start from.</source>
        <translation>A receita {0} não diz a forma do modelo nem de onde partir.</translation>
    </message>
    <message>
        <source>The recipe {0} trains an adapter, which needs a model to stand beside.</source>
        <translation>A receita {0} treina um adaptador, que precisa de um modelo ao lado.</translation>
    </message>
    <message>
        <source>The repository has no {0}.</source>
        <translation>O repositório não tem {0}.</translation>
    </message>
    <message>
        <source>The repository holds no GGUF model.</source>
        <translation>O repositório não tem nenhum modelo GGUF.</translation>
    </message>
    <message>
        <source>The run could not be brought back.</source>
        <translation>Não foi possível trazer o treino de volta.</translation>
    </message>
    <message>
        <source>The run could not be deleted.</source>
        <translation>Não foi possível excluir o treino.</translation>
    </message>
    <message>
        <source>The run in {0} is going on already.</source>
        <translation>O treino em {0} já está em andamento.</translation>
    </message>
    <message>
        <source>The run in {0} is not going on.</source>
        <translation>O treino em {0} não está em andamento.</translation>
    </message>
    <message>
        <source>The run&apos;s folder {0} cannot be written.</source>
        <translation>Não é possível gravar na pasta do treino {0}.</translation>
    </message>
    <message>
        <source>The seed is {0}.</source>
        <translation>A semente é {0}.</translation>
    </message>
    <message>
        <source>The server answered {0}.</source>
        <translation>O servidor respondeu {0}.</translation>
    </message>
    <message>
        <source>The server has no such file.</source>
        <translation>O servidor não tem esse arquivo.</translation>
    </message>
    <message>
        <source>The server wants to know who asks.</source>
        <translation>O servidor quer saber quem pergunta.</translation>
    </message>
    <message>
        <source>The tensor {0} has the shape {1}, and {2} would fit.</source>
        <translation>O tensor {0} tem a forma {1}, mas deveria ter {2}.</translation>
    </message>
    <message>
        <source>The text has changed meanwhile.</source>
        <translation>O texto mudou nesse meio-tempo.</translation>
    </message>
    <message>
        <source>The texts of {0} are shorter than one row of {1} tokens.</source>
        <translation>Os textos de {0} são mais curtos que uma linha de {1} tokens.</translation>
    </message>
    <message>
        <source>The token could not be kept.</source>
        <translation>O token não pôde ser guardado.</translation>
    </message>
    <message>
        <source>The tokenizer in {0} is damaged.</source>
        <translation>O tokenizador em {0} está danificado.</translation>
    </message>
    <message>
        <source>The training did not start.</source>
        <translation>O treino não começou.</translation>
    </message>
    <message>
        <source>The vocabulary has no control token {0}.</source>
        <translation>O vocabulário não tem o token de controle {0}.</translation>
    </message>
    <message>
        <source>The weights do not fit the model&apos;s shape.</source>
        <translation>Os pesos não combinam com a forma do modelo.</translation>
    </message>
    <message>
        <source>The weights in this folder are pickles, which can run any program when they are opened.</source>
        <translation>Os pesos desta pasta são pickles, que podem executar qualquer programa ao serem abertos.</translation>
    </message>
    <message>
        <source>The weights of this folder are quantised already.</source>
        <translation>Os pesos desta pasta já estão quantizados.</translation>
    </message>
    <message>
        <source>There are no conversations in {0}.</source>
        <translation>Não há conversas em {0}.</translation>
    </message>
    <message>
        <source>There is another {0} by now.</source>
        <translation>Agora existe outro {0}.</translation>
    </message>
    <message>
        <source>There is no file or folder {0}.</source>
        <translation>O arquivo ou pasta {0} não existe.</translation>
    </message>
    <message>
        <source>There is no file {0}.</source>
        <translation>Não há nenhum arquivo {0}.</translation>
    </message>
    <message>
        <source>There is no message {0}.</source>
        <translation>Não há mensagem {0}.</translation>
    </message>
    <message>
        <source>There is no model {0}.</source>
        <translation>Não existe o modelo {0}.</translation>
    </message>
    <message>
        <source>There is no recipe {0}.</source>
        <translation>Não há nenhuma receita {0}.</translation>
    </message>
    <message>
        <source>There is no room for a context of {0} tokens.</source>
        <translation>Não há espaço para um contexto de {0} tokens.</translation>
    </message>
    <message>
        <source>There is no sampler {0}.</source>
        <translation>Não existe o amostrador {0}.</translation>
    </message>
    <message>
        <source>There is no shape of a model called {0}.</source>
        <translation>Não há formato de modelo chamado {0}.</translation>
    </message>
    <message>
        <source>There is no text to learn from.</source>
        <translation>Não há texto com que aprender.</translation>
    </message>
    <message>
        <source>There is no text to score.</source>
        <translation>Não há texto para avaliar.</translation>
    </message>
    <message>
        <source>There is no training run {0}.</source>
        <translation>Não há nenhum treino {0}.</translation>
    </message>
    <message>
        <source>There is not enough memory for this.</source>
        <translation>Não há memória suficiente para isto.</translation>
    </message>
    <message>
        <source>There is nothing to go on from.</source>
        <translation>Não há de onde continuar.</translation>
    </message>
    <message>
        <source>There is nothing to learn an answer from: no conversation has words of an assistant.</source>
        <translation>Não há de onde aprender uma resposta: nenhuma conversa tem palavras de um assistente.</translation>
    </message>
    <message>
        <source>These presets were exported by a newer version of Próxima.</source>
        <translation>Estas predefinições foram exportadas por uma versão mais nova do Próxima.</translation>
    </message>
    <message>
        <source>This conversation file is damaged: a message comes before the one that it answers.</source>
        <translation>Este arquivo de conversa está danificado: uma mensagem vem antes da que ela responde.</translation>
    </message>
    <message>
        <source>This conversation file is damaged: its last message is missing.</source>
        <translation>Este arquivo de conversa está danificado: falta a última mensagem.</translation>
    </message>
    <message>
        <source>This conversation was exported by a newer version of Próxima.</source>
        <translation>Esta conversa foi exportada por uma versão mais nova do Próxima.</translation>
    </message>
    <message>
        <source>This copy of Próxima came without its built-in model.</source>
        <translation>Esta cópia do Próxima veio sem o modelo embutido.</translation>
    </message>
    <message>
        <source>This could not be kept.</source>
        <translation>Não foi possível guardar isto.</translation>
    </message>
    <message>
        <source>This file holds no presets that Próxima exported.</source>
        <translation>Este arquivo não contém predefinições exportadas pelo Próxima.</translation>
    </message>
    <message>
        <source>This file holds no presets, or too many of them.</source>
        <translation>Este arquivo não contém predefinições, ou contém demais.</translation>
    </message>
    <message>
        <source>This file is not a conversation that Próxima exported.</source>
        <translation>Este arquivo não é uma conversa exportada pelo Próxima.</translation>
    </message>
    <message>
        <source>This file is too large to be one of presets.</source>
        <translation>Este arquivo é grande demais para ser de predefinições.</translation>
    </message>
    <message>
        <source>This file of presets is damaged.</source>
        <translation>Este arquivo de predefinições está danificado.</translation>
    </message>
    <message>
        <source>This is no access token.</source>
        <translation>Isto não é um token de acesso.</translation>
    </message>
    <message>
        <source>This machine, or the installed build of torch, has no {0}.</source>
        <translation>Este computador, ou o torch instalado, não tem {0}.</translation>
    </message>
    <message>
        <source>This model came without a tokenizer, so it cannot read text.</source>
        <translation>Este modelo veio sem tokenizador e por isso não consegue ler texto.</translation>
    </message>
    <message>
        <source>This reply was saved without records.</source>
        <translation>Esta resposta foi salva sem registros.</translation>
    </message>
    <message>
        <source>This reply was written with another vocabulary.</source>
        <translation>Esta resposta foi escrita com outro vocabulário.</translation>
    </message>
    <message>
        <source>This run is going on.</source>
        <translation>Este treino está em andamento.</translation>
    </message>
    <message>
        <source>This system has no keyring to keep the token in.</source>
        <translation>Este sistema não tem chaveiro para guardar o token.</translation>
    </message>
    <message>
        <source>Train it again.</source>
        <translation>Treine-o de novo.</translation>
    </message>
    <message>
        <source>Train it on with texts, or choose a model made for chats.</source>
        <translation>Continue o treinamento dele com textos, ou escolha um modelo feito para conversas.</translation>
    </message>
    <message>
        <source>Train the model again.</source>
        <translation>Treine o modelo de novo.</translation>
    </message>
    <message>
        <source>Train with a vocabulary made for chats.</source>
        <translation>Treine com um vocabulário feito para conversas.</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>Tente de novo mais tarde.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Tente de novo.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, do not trust this source.</source>
        <translation>Tente de novo; se acontecer outra vez, não confie nesta fonte.</translation>
    </message>
    <message>
        <source>Turn it off in the settings; models that are here work as ever.</source>
        <translation>Desligue-o nas configurações; os modelos que já estão aqui funcionam como sempre.</translation>
    </message>
    <message>
        <source>Update Próxima to open it.</source>
        <translation>Atualize o Próxima para abri-la.</translation>
    </message>
    <message>
        <source>Update Próxima to use it.</source>
        <translation>Atualize o Próxima para usá-la.</translation>
    </message>
    <message>
        <source>Update Próxima to use them.</source>
        <translation>Atualize o Próxima para usá-las.</translation>
    </message>
    <message>
        <source>Use that one, or close it.</source>
        <translation>Use aquela, ou feche-a.</translation>
    </message>
    <message>
        <source>Use that version.</source>
        <translation>Use aquela versão.</translation>
    </message>
    <message>
        <source>Use the model as GGUF or safetensors.</source>
        <translation>Use o modelo como GGUF ou safetensors.</translation>
    </message>
    <message>
        <source>Use the model as a GGUF file instead.</source>
        <translation>Use o modelo como arquivo GGUF.</translation>
    </message>
    <message>
        <source>Use the model that it was trained on.</source>
        <translation>Use o modelo em que ele foi treinado.</translation>
    </message>
    <message>
        <source>Wait some minutes; with an access token more is allowed.</source>
        <translation>Espere alguns minutos; com um token de acesso permite-se mais.</translation>
    </message>
    <message>
        <source>Wait until that is done.</source>
        <translation>Espere até isso terminar.</translation>
    </message>
    <message>
        <source>What is to be set is wrong{0}.</source>
        <translation>O que se quer mudar está errado{0}.</translation>
    </message>
    <message>
        <source>What memory it takes cannot be worked out: the file gives no {0}.</source>
        <translation>Não dá para calcular quanta memória ele ocupa: o arquivo não traz {0}.</translation>
    </message>
    <message>
        <source>What this model needs could not be looked up.</source>
        <translation>Não foi possível consultar do que este modelo precisa.</translation>
    </message>
    <message>
        <source>Write digits only, as in 1234.</source>
        <translation>Escreva só algarismos, como em 1234.</translation>
    </message>
    <message>
        <source>Write key=value, for example steps=200.</source>
        <translation>Escreva chave=valor, por exemplo steps=200.</translation>
    </message>
    <message>
        <source>Write more.</source>
        <translation>Escreva mais.</translation>
    </message>
    <message>
        <source>Write something first.</source>
        <translation>Escreva algo primeiro.</translation>
    </message>
    <message>
        <source>Write that rule, or put what is meant into quotation marks.</source>
        <translation>Escreva essa regra, ou ponha entre aspas o texto que ela deveria ser.</translation>
    </message>
    <message>
        <source>Write the name of an older one into the file latest of the run, or start anew.</source>
        <translation>Escreva o nome de um mais antigo no arquivo latest do treino, ou comece de novo.</translation>
    </message>
    <message>
        <source>Your conversations were saved by a newer version of Próxima.</source>
        <translation>Suas conversas foram salvas por uma versão mais nova do Próxima.</translation>
    </message>
    <message>
        <source>a text of {0} bytes is announced</source>
        <translation>anuncia um texto de {0} bytes</translation>
    </message>
    <message>
        <source>config.json does not describe a whole model.</source>
        <translation>config.json não descreve um modelo inteiro.</translation>
    </message>
    <message>
        <source>config.json gives no usable rotary settings.</source>
        <translation>config.json não traz ajustes rotatórios utilizáveis.</translation>
    </message>
    <message>
        <source>it announces a header of {0} bytes, or it is no safetensors file</source>
        <translation>anuncia um cabeçalho de {0} bytes, ou não é um arquivo safetensors</translation>
    </message>
    <message>
        <source>it announces {0} tensors and {1} keys</source>
        <translation>anuncia {0} tensores e {1} chaves</translation>
    </message>
    <message>
        <source>it does not begin as a GGUF file does</source>
        <translation>não começa como um arquivo GGUF</translation>
    </message>
    <message>
        <source>it does not say what kind of model it is</source>
        <translation>não diz que tipo de modelo é</translation>
    </message>
    <message>
        <source>it ends too early</source>
        <translation>termina cedo demais</translation>
    </message>
    <message>
        <source>it ends too early, or it is no safetensors file</source>
        <translation>termina cedo demais, ou não é um arquivo safetensors</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>está vazio</translation>
    </message>
    <message>
        <source>it says that it has version {0} of the format, and only 2 and 3 are known</source>
        <translation>diz ter a versão {0} do formato, e só a 2 e a 3 são conhecidas</translation>
    </message>
    <message>
        <source>it says that it has {0} layers</source>
        <translation>diz ter {0} camadas</translation>
    </message>
    <message>
        <source>its alignment is {0}</source>
        <translation>o alinhamento dele é {0}</translation>
    </message>
    <message>
        <source>its header is not what it should be ({0})</source>
        <translation>o cabeçalho dele não é o que deveria ser ({0})</translation>
    </message>
    <message>
        <source>its header takes too long to read</source>
        <translation>seu cabeçalho demora demais para ser lido</translation>
    </message>
    <message>
        <source>its {0} is {1}</source>
        <translation>o valor de {0} é {1}</translation>
    </message>
    <message>
        <source>llama.cpp says: {0}.</source>
        <translation>O llama.cpp diz: {0}.</translation>
    </message>
    <message>
        <source>the data of the tensor {0} lies beyond the end of the file</source>
        <translation>os dados do tensor {0} ficam além do fim do arquivo</translation>
    </message>
    <message>
        <source>the data of {0} does not fit its shape</source>
        <translation>os dados de {0} não cabem na forma dele</translation>
    </message>
    <message>
        <source>the data of {0} {1}</source>
        <translation>os dados de {0} {1}</translation>
    </message>
    <message>
        <source>the key {0} stands in it twice</source>
        <translation>a chave {0} aparece duas vezes</translation>
    </message>
    <message>
        <source>the rows of {0} do not fit its type {1}</source>
        <translation>as linhas de {0} não combinam com o tipo {1}</translation>
    </message>
    <message>
        <source>the shape of {0} is impossible</source>
        <translation>a forma de {0} é impossível</translation>
    </message>
    <message>
        <source>the tensor {0} has the unknown type {1}</source>
        <translation>o tensor {0} tem o tipo desconhecido {1}</translation>
    </message>
    <message>
        <source>the tensor {0} has {1} dimensions</source>
        <translation>o tensor {0} tem {1} dimensões</translation>
    </message>
    <message>
        <source>the tensor {0} is impossibly large</source>
        <translation>o tensor {0} é grande demais para ser verdade</translation>
    </message>
    <message>
        <source>the tensor {0} stands in it twice</source>
        <translation>o tensor {0} aparece duas vezes</translation>
    </message>
    <message>
        <source>the tensor {0} would have {1} values</source>
        <translation>o tensor {0} teria {1} valores</translation>
    </message>
    <message>
        <source>the token {0} stands in its vocabulary twice</source>
        <translation>o token {0} aparece duas vezes no vocabulário</translation>
    </message>
    <message>
        <source>the value of {0} has the unknown type {1}</source>
        <translation>o valor de {0} tem o tipo desconhecido {1}</translation>
    </message>
    <message>
        <source>there is more in it than it announces</source>
        <translation>há mais nele do que ele anuncia</translation>
    </message>
    <message>
        <source>{0} already holds a run.</source>
        <translation>{0} já contém um treino.</translation>
    </message>
    <message>
        <source>{0} already holds another model.</source>
        <translation>{0} já contém outro modelo.</translation>
    </message>
    <message>
        <source>{0} announces a list of {1} elements</source>
        <translation>{0} anuncia uma lista de {1} elementos</translation>
    </message>
    <message>
        <source>{0} are still to come, and {1} are to stay free; the disk has {2} free.</source>
        <translation>Ainda faltam {0}, e {1} devem ficar livres; o disco tem {2} livres.</translation>
    </message>
    <message>
        <source>{0} are still to come, {1} of other downloads with them, and {2} are to stay free; the disk has {3} free.</source>
        <translation>Ainda faltam {0}, mais {1} de outros downloads, e {2} devem ficar livres; o disco tem {3} livres.</translation>
    </message>
    <message>
        <source>{0} arrived with other bytes than it was announced with, and was removed.</source>
        <translation>{0} chegou com bytes diferentes dos anunciados e foi removido.</translation>
    </message>
    <message>
        <source>{0} asks for at least {1} and at most {2}.</source>
        <translation>{0} pede no mínimo {1} e no máximo {2}.</translation>
    </message>
    <message>
        <source>{0} came without a tokenizer.</source>
        <translation>{0} veio sem tokenizador.</translation>
    </message>
    <message>
        <source>{0} cannot be reached, or does not go on sending.</source>
        <translation>{0} não pode ser alcançado ou parou de enviar.</translation>
    </message>
    <message>
        <source>{0} cannot be read as Parquet.</source>
        <translation>{0} não pode ser lido como Parquet.</translation>
    </message>
    <message>
        <source>{0} cannot be read as a tokenizer.</source>
        <translation>{0} não pode ser lido como tokenizador.</translation>
    </message>
    <message>
        <source>{0} cannot be read.</source>
        <translation>{0} não pode ser lido.</translation>
    </message>
    <message>
        <source>{0} cannot be written.</source>
        <translation>{0} não pode ser gravado.</translation>
    </message>
    <message>
        <source>{0} could not be brought back.</source>
        <translation>{0} não pôde ser trazido de volta.</translation>
    </message>
    <message>
        <source>{0} could not be deleted.</source>
        <translation>{0} não pôde ser excluído.</translation>
    </message>
    <message>
        <source>{0} could not be loaded.</source>
        <translation>{0} não pôde ser carregado.</translation>
    </message>
    <message>
        <source>{0} does not say what to set.</source>
        <translation>{0} não diz o que definir.</translation>
    </message>
    <message>
        <source>{0} has a damaged tokenizer.</source>
        <translation>{0} tem um tokenizador danificado.</translation>
    </message>
    <message>
        <source>{0} has a tokenizer that cannot be trained with here ({1}).</source>
        <translation>{0} tem um tokenizador com que não se pode treinar aqui ({1}).</translation>
    </message>
    <message>
        <source>{0} has {1} bytes now; {2} were announced.</source>
        <translation>{0} tem agora {1} bytes; foram anunciados {2}.</translation>
    </message>
    <message>
        <source>{0} holds a vocabulary alone, and no model.</source>
        <translation>{0} contém só um vocabulário, e nenhum modelo.</translation>
    </message>
    <message>
        <source>{0} holds no adapter that can be read.</source>
        <translation>{0} não contém um adaptador que se possa ler.</translation>
    </message>
    <message>
        <source>{0} holds no checkpoint to go on from.</source>
        <translation>{0} não contém ponto de controle de onde continuar.</translation>
    </message>
    <message>
        <source>{0} holds no decoder that can be read.</source>
        <translation>{0} não contém um decodificador que possa ser lido.</translation>
    </message>
    <message>
        <source>{0} holds no model.</source>
        <translation>{0} não contém um modelo.</translation>
    </message>
    <message>
        <source>{0} holds no patterns of conversations: {1}.</source>
        <translation>{0} não contém padrões de conversas: {1}.</translation>
    </message>
    <message>
        <source>{0} holds no text that can be read.</source>
        <translation>{0} não contém texto que se possa ler.</translation>
    </message>
    <message>
        <source>{0} holds no training run.</source>
        <translation>{0} não contém um treino.</translation>
    </message>
    <message>
        <source>{0} holds no weights.</source>
        <translation>{0} não contém pesos.</translation>
    </message>
    <message>
        <source>{0} holds the weights of a model, but not what is needed to use them.</source>
        <translation>{0} contém os pesos de um modelo, mas não o que é preciso para usá-los.</translation>
    </message>
    <message>
        <source>{0} in {1} has no parts of its own.</source>
        <translation>{0} em {1} não tem partes próprias.</translation>
    </message>
    <message>
        <source>{0} is a Parquet file, which needs the package pyarrow to be read.</source>
        <translation>{0} é um arquivo Parquet, que precisa do pacote pyarrow para ser lido.</translation>
    </message>
    <message>
        <source>{0} is a file.</source>
        <translation>{0} é um arquivo.</translation>
    </message>
    <message>
        <source>{0} is a folder; llama.cpp opens GGUF files.</source>
        <translation>{0} é uma pasta; o llama.cpp abre arquivos GGUF.</translation>
    </message>
    <message>
        <source>{0} is a long list of lists</source>
        <translation>{0} é uma longa lista de listas</translation>
    </message>
    <message>
        <source>{0} is a pickle, which can run any program when it is opened.</source>
        <translation>{0} é um pickle, que pode executar qualquer programa ao ser aberto.</translation>
    </message>
    <message>
        <source>{0} is a projector, with which another model sees pictures.</source>
        <translation>{0} é um projetor, com o qual outro modelo vê imagens.</translation>
    </message>
    <message>
        <source>{0} is an adapter, which stands beside a model.</source>
        <translation>{0} é um adaptador, que fica ao lado de um modelo.</translation>
    </message>
    <message>
        <source>{0} is being fetched already.</source>
        <translation>{0} já está sendo baixado.</translation>
    </message>
    <message>
        <source>{0} is damaged: {1}.</source>
        <translation>{0} está danificado: {1}.</translation>
    </message>
    <message>
        <source>{0} is missing.</source>
        <translation>{0} está faltando.</translation>
    </message>
    <message>
        <source>{0} is no BPE tokenizer.</source>
        <translation>{0} não é um tokenizador BPE.</translation>
    </message>
    <message>
        <source>{0} is no GGUF file.</source>
        <translation>{0} não é um arquivo GGUF.</translation>
    </message>
    <message>
        <source>{0} is no LoRA adapter.</source>
        <translation>{0} não é um adaptador LoRA.</translation>
    </message>
    <message>
        <source>{0} is no deleted run.</source>
        <translation>{0} não é um treino apagado.</translation>
    </message>
    <message>
        <source>{0} is no kind of text that can be read.</source>
        <translation>{0} não é um tipo de texto que se possa ler.</translation>
    </message>
    <message>
        <source>{0} is no table that can be read.</source>
        <translation>{0} não é uma tabela que se possa ler.</translation>
    </message>
    <message>
        <source>{0} is no text</source>
        <translation>{0} não é texto</translation>
    </message>
    <message>
        <source>{0} is no whole number.</source>
        <translation>{0} não é um número inteiro.</translation>
    </message>
    <message>
        <source>{0} is not Próxima&apos;s to delete.</source>
        <translation>{0} não pertence ao Próxima para ser excluído.</translation>
    </message>
    <message>
        <source>{0} is not a byte-level BPE tokenizer.</source>
        <translation>{0} não é um tokenizador BPE de bytes.</translation>
    </message>
    <message>
        <source>{0} is not a model that continues a text.</source>
        <translation>{0} não é um modelo que continua um texto.</translation>
    </message>
    <message>
        <source>{0} is not a text file: it holds zero bytes.</source>
        <translation>{0} não é um arquivo de texto: contém bytes zero.</translation>
    </message>
    <message>
        <source>{0} is not there any more.</source>
        <translation>{0} não está mais lá.</translation>
    </message>
    <message>
        <source>{0} is too large for a grammar.</source>
        <translation>{0} é grande demais para uma gramática.</translation>
    </message>
    <message>
        <source>{0} lacks the tensor {1}.</source>
        <translation>Falta em {0} o tensor {1}.</translation>
    </message>
    <message>
        <source>{0} may be {1} models.</source>
        <translation>{0} pode ser {1} modelos.</translation>
    </message>
    <message>
        <source>{0} may be {1} runs.</source>
        <translation>{0} pode ser {1} treinos.</translation>
    </message>
    <message>
        <source>{0} needs {1} GB of memory, and this machine has {2} GB.</source>
        <translation>{0} precisa de {1} GB de memória, e esta máquina tem {2} GB.</translation>
    </message>
    <message>
        <source>{0} needs {1} GB of memory, and {2} GB are free.</source>
        <translation>{0} precisa de {1} GB de memória, e {2} GB estão livres.</translation>
    </message>
    <message>
        <source>{0} needs {1} GB on the graphics card, and {2} GB are free.</source>
        <translation>{0} precisa de {1} GB na placa de vídeo, e {2} GB estão livres.</translation>
    </message>
    <message>
        <source>{0} numbers its tokens absurdly.</source>
        <translation>{0} numera seus tokens de forma absurda.</translation>
    </message>
    <message>
        <source>{0} was fetched but could not be converted: {1}</source>
        <translation>{0} foi baixado, mas não pôde ser convertido: {1}</translation>
    </message>
    <message>
        <source>{0} was made for a model of another shape.</source>
        <translation>{0} foi feito para um modelo de outro formato.</translation>
    </message>
    <message>
        <source>{0} was made for another model.</source>
        <translation>{0} foi feito para outro modelo.</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Próxima cannot use its data folder {0}. Check that it exists and can be written to.</source>
        <translation>O Próxima não consegue usar sua pasta de dados {0}. Verifique se ela existe e se é possível gravar nela.</translation>
    </message>
    <message>
        <source>Próxima is already running with the data folder {0}, but does not answer.</source>
        <translation>O Próxima já está em execução com a pasta de dados {0}, mas não responde.</translation>
    </message>
</context>
<context>
    <name>playground</name>
    <message>
        <source>The quick brown fox jumps over the lazy …</source>
        <translation>The quick brown fox jumps over the lazy …</translation>
    </message>
    <message>
        <source>A sentence that most models know by heart: how sure is this one?</source>
        <translation>Uma frase que a maioria dos modelos sabe de cor: quão certo está este?</translation>
    </message>
    <message>
        <source>Recife é uma …</source>
        <translation>Recife é uma …</translation>
    </message>
    <message>
        <source>A fact in Portuguese: does the model know the city, or only the language?</source>
        <translation>Um fato em português: o modelo conhece a cidade, ou só a língua?</translation>
    </message>
    <message>
        <source>Temperature from 0 to 2</source>
        <translation>Temperatura de 0 a 2</translation>
    </message>
    <message>
        <source>The same logits divided by T. At 0 only the most likely is left, at 1 nothing changes, above 1 the bars flatten.</source>
        <translation>Os mesmos logits divididos por T. Em 0 só resta o mais provável, em 1 nada muda, acima de 1 as barras se achatam.</translation>
    </message>
    <message>
        <source>Top-k against top-p</source>
        <translation>Top-k contra top-p</translation>
    </message>
    <message>
        <source>First a place where the model is sure, then one where it is not. Top-k keeps as many in both; top-p keeps mass.</source>
        <translation>Primeiro um lugar em que o modelo está certo, depois um em que não está. Top-k deixa o mesmo número nos dois; top-p deixa a mesma massa.</translation>
    </message>
    <message>
        <source>Temperature first against last</source>
        <translation>Temperatura antes ou depois</translation>
    </message>
    <message>
        <source>The same two stages in either order. A high temperature before top-p lets many more through; after it, none.</source>
        <translation>Os mesmos dois estágios nas duas ordens. Uma temperatura alta antes do top-p deixa passar muitos mais; depois dele, nenhum.</translation>
    </message>
    <message>
        <source>One text, three vocabularies</source>
        <translation>Um texto, três vocabulários</translation>
    </message>
    <message>
        <source>What counts as one token: in the model&apos;s own vocabulary, in single characters, and in bytes.</source>
        <translation>O que conta como um token: no vocabulário do próprio modelo, em caracteres e em bytes.</translation>
    </message>
</context>
<context>
    <name>sampling</name>
    <message>
        <source>Penalties</source>
        <extracomment>Listed so that the translation tool finds them; a test holds the list to the registry.</extracomment>
        <translation>Penalidades</translation>
    </message>
    <message>
        <source>Makes tokens that occurred lately less likely, in the prompt too.</source>
        <translation>Torna menos prováveis os tokens que apareceram há pouco, também na pergunta.</translation>
    </message>
    <message>
        <source>Repetition</source>
        <translation>Repetição</translation>
    </message>
    <message>
        <source>Weakens each recent token by this factor.</source>
        <translation>Enfraquece cada token recente por este fator.</translation>
    </message>
    <message>
        <source>Frequency</source>
        <translation>Frequência</translation>
    </message>
    <message>
        <source>Taken off once for each time it occurred.</source>
        <translation>Descontada uma vez por ocorrência.</translation>
    </message>
    <message>
        <source>Presence</source>
        <translation>Presença</translation>
    </message>
    <message>
        <source>Taken off once if it occurred at all.</source>
        <translation>Descontada uma única vez se o token já apareceu.</translation>
    </message>
    <message>
        <source>Look back</source>
        <translation>Alcance</translation>
    </message>
    <message>
        <source>How many tokens count as recent; -1 means all.</source>
        <translation>Quantos tokens contam como recentes; -1 são todos.</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Keeps only the k most likely tokens.</source>
        <translation>Mantém apenas os k tokens mais prováveis.</translation>
    </message>
    <message>
        <source>k</source>
        <translation>k</translation>
    </message>
    <message>
        <source>How many tokens stay; 0 keeps all.</source>
        <translation>Quantos tokens ficam; 0 mantém todos.</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Keeps the most likely tokens until together they reach the probability p.</source>
        <translation>Mantém os tokens mais prováveis até que juntos alcancem a probabilidade p.</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>The mass that must be reached; 1 keeps all.</source>
        <translation>A massa que deve ser alcançada; 1 mantém todos.</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Drops tokens that are far less likely than the most likely one.</source>
        <translation>Descarta tokens muito menos prováveis que o mais provável.</translation>
    </message>
    <message>
        <source>The share of the best token&apos;s probability that is needed; 0 keeps all.</source>
        <translation>A fração necessária da probabilidade do melhor token; 0 mantém todos.</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatura</translation>
    </message>
    <message>
        <source>Sharpens the distribution below 1 and flattens it above; at 0 the most likely token is always taken.</source>
        <translation>Abaixo de 1 concentra a distribuição, acima a achata; em 0 vem sempre o token mais provável.</translation>
    </message>
    <message>
        <source>Divides every logit.</source>
        <translation>Divide cada logit.</translation>
    </message>
    <message>
        <source>Logit bias</source>
        <translation>Viés de logit</translation>
    </message>
    <message>
        <source>Makes single tokens more or less likely; at -100 a token hardly ever comes.</source>
        <translation>Torna tokens avulsos mais ou menos prováveis; com -100 um token quase nunca aparece.</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>Viés</translation>
    </message>
    <message>
        <source>Added to the token&apos;s logit.</source>
        <translation>Somado ao logit do token.</translation>
    </message>
    <message>
        <source>DRY</source>
        <translation>DRY</translation>
    </message>
    <message>
        <source>Makes a token less likely that would go on with a sequence that occurred before, the more the longer it is.</source>
        <translation>Torna menos provável um token que continuaria uma sequência já ocorrida, tanto mais quanto mais longa ela for.</translation>
    </message>
    <message>
        <source>Multiplier</source>
        <translation>Multiplicador</translation>
    </message>
    <message>
        <source>The strength; 0 turns the stage off.</source>
        <translation>A força; 0 desliga a etapa.</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Base</translation>
    </message>
    <message>
        <source>The penalty grows by this factor with each further token.</source>
        <translation>A penalidade cresce por este fator a cada token a mais.</translation>
    </message>
    <message>
        <source>Allowed length</source>
        <translation>Comprimento livre</translation>
    </message>
    <message>
        <source>Repetitions shorter than this cost nothing.</source>
        <translation>Repetições mais curtas que isto não custam nada.</translation>
    </message>
    <message>
        <source>Breakers</source>
        <translation>Separadores</translation>
    </message>
    <message>
        <source>No repetition goes on across these; one a line, \n stands for a line break.</source>
        <translation>Nenhuma repetição continua através destes; um por linha, \n significa quebra de linha.</translation>
    </message>
    <message>
        <source>Top-n-sigma</source>
        <translation>Top-n-sigma</translation>
    </message>
    <message>
        <source>Keeps the tokens whose logit is within n standard deviations of the best one; temperature does not change which.</source>
        <translation>Mantém os tokens cujo logit está a até n desvios padrão do melhor; a temperatura não muda quais são.</translation>
    </message>
    <message>
        <source>n</source>
        <translation>n</translation>
    </message>
    <message>
        <source>How many standard deviations below the best; 0 keeps all.</source>
        <translation>Quantos desvios padrão abaixo do melhor; 0 mantém todos.</translation>
    </message>
    <message>
        <source>Typical</source>
        <translation>Típico</translation>
    </message>
    <message>
        <source>Keeps the tokens that are about as surprising as the model expects on average, until together they exceed p.</source>
        <translation>Mantém os tokens tão surpreendentes quanto o modelo espera em média, até que juntos passem de p.</translation>
    </message>
    <message>
        <source>The mass that must be exceeded; 1 keeps all.</source>
        <translation>A massa que deve ser ultrapassada; 1 mantém todos.</translation>
    </message>
    <message>
        <source>XTC</source>
        <translation>XTC</translation>
    </message>
    <message>
        <source>Now and then leaves out all likely tokens but the least likely of them, for less expected texts.</source>
        <translation>De vez em quando deixa de fora todos os tokens prováveis, menos o menos provável deles, para textos menos esperados.</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Probabilidade</translation>
    </message>
    <message>
        <source>How often it acts; 0 never.</source>
        <translation>Com que frequência age; 0 nunca.</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Limiar</translation>
    </message>
    <message>
        <source>From which probability a token counts as likely; above 0.5 nothing is left out.</source>
        <translation>A partir de que probabilidade um token conta como provável; acima de 0,5 nada fica de fora.</translation>
    </message>
    <message>
        <source>Dynamic temperature</source>
        <translation>Temperatura dinâmica</translation>
    </message>
    <message>
        <source>Takes a low temperature where the model is sure and a high one where it is not; use it in place of Temperature.</source>
        <translation>Usa uma temperatura baixa onde o modelo tem certeza e uma alta onde não tem; use no lugar de Temperatura.</translation>
    </message>
    <message>
        <source>The middle of the range.</source>
        <translation>O meio da faixa.</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Faixa</translation>
    </message>
    <message>
        <source>How far the temperature goes to each side; 0 turns the stage off.</source>
        <translation>Quanto a temperatura vai para cada lado; 0 desliga a etapa.</translation>
    </message>
    <message>
        <source>Exponent</source>
        <translation>Expoente</translation>
    </message>
    <message>
        <source>Above 1 the temperature stays low longer as the model becomes unsure.</source>
        <translation>Acima de 1 a temperatura fica baixa por mais tempo à medida que o modelo perde a certeza.</translation>
    </message>
    <message>
        <source>Mirostat 1</source>
        <translation>Mirostat 1</translation>
    </message>
    <message>
        <source>Keeps as many tokens as Zipf&apos;s law says it takes for a steady surprisal; the newer Mirostat 2 is simpler.</source>
        <translation>Mantém tantos tokens quantos a lei de Zipf indica para uma surpresa constante; o Mirostat 2, mais novo, é mais simples.</translation>
    </message>
    <message>
        <source>Tau</source>
        <translation>Tau</translation>
    </message>
    <message>
        <source>The surprisal that is aimed at, in bits.</source>
        <translation>A surpresa que se busca, em bits.</translation>
    </message>
    <message>
        <source>Eta</source>
        <translation>Eta</translation>
    </message>
    <message>
        <source>How fast it corrects itself.</source>
        <translation>Com que rapidez se corrige.</translation>
    </message>
    <message>
        <source>Mirostat 2</source>
        <translation>Mirostat 2</translation>
    </message>
    <message>
        <source>Drops tokens that are too surprising, and moves the border so that the text keeps a steady surprisal.</source>
        <translation>Descarta tokens surpreendentes demais e move o limite para que o texto mantenha uma surpresa constante.</translation>
    </message>
    <message>
        <source>Adaptive-p</source>
        <translation>P adaptativo</translation>
    </message>
    <message>
        <source>Prefers tokens of about the target probability, and makes up for picks that missed it; put a min-p before it.</source>
        <translation>Prefere tokens com cerca da probabilidade alvo e compensa as escolhas que a erraram; ponha um min-p antes.</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Alvo</translation>
    </message>
    <message>
        <source>The probability that is aimed at.</source>
        <translation>A probabilidade que se busca.</translation>
    </message>
    <message>
        <source>Decay</source>
        <translation>Decaimento</translation>
    </message>
    <message>
        <source>How slowly earlier picks are forgotten.</source>
        <translation>Com que lentidão as escolhas anteriores são esquecidas.</translation>
    </message>
    <message>
        <source>Grammar</source>
        <translation>Gramática</translation>
    </message>
    <message>
        <source>Lets only those tokens come that the grammar allows.</source>
        <translation>Só deixa vir os tokens que a gramática permite.</translation>
    </message>
    <message>
        <source>Rules in llama.cpp&apos;s notation (GBNF); the reply begins at the rule root.</source>
        <translation>Regras na notação do llama.cpp (GBNF); a resposta começa na regra root.</translation>
    </message>
    <message>
        <source>JSON schema</source>
        <translation>Esquema JSON</translation>
    </message>
    <message>
        <source>Lets only those tokens come that make the reply JSON of the given form.</source>
        <translation>Só deixa vir os tokens que fazem da resposta um JSON da forma dada.</translation>
    </message>
    <message>
        <source>Schema</source>
        <translation>Esquema</translation>
    </message>
    <message>
        <source>The form of the reply; {} allows any JSON.</source>
        <translation>A forma da resposta; {} permite qualquer JSON.</translation>
    </message>
    <message>
        <source>Precise</source>
        <translation>Preciso</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Equilibrado</translation>
    </message>
    <message>
        <source>Creative</source>
        <translation>Criativo</translation>
    </message>
    <message>
        <source>Neutral</source>
        <translation>Neutro</translation>
    </message>
    <message>
        <source>Greedy</source>
        <translation>Guloso</translation>
    </message>
    <message>
        <source>llama.cpp default</source>
        <translation>Padrão do llama.cpp</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Appearance</source>
        <translation>Aparência</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Replies</source>
        <translation>Respostas</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Dados</translation>
    </message>
    <message>
        <source>Takes effect when a model is loaded.</source>
        <translation>Passa a valer quando um modelo é carregado.</translation>
    </message>
    <message>
        <source>Takes effect with the next reply.</source>
        <translation>Passa a valer na próxima resposta.</translation>
    </message>
    <message>
        <source>For new conversations; each has its own beside the samplers.</source>
        <translation>Vale para novas conversas; cada uma tem a sua escolha ao lado dos amostradores.</translation>
    </message>
    <message>
        <source>Takes effect the next time Próxima starts.</source>
        <translation>Passa a valer na próxima vez que o Próxima for aberto.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>The language of menus, buttons and explanations.</source>
        <translation>O idioma de menus, botões e explicações.</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>Igual ao do sistema</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>Light or dark colours, or whichever the system uses.</source>
        <translation>Cores claras ou escuras, ou as que o sistema usar.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Escuro</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Tamanho do texto</translation>
    </message>
    <message>
        <source>How large text is drawn, beside the scaling of the screen.</source>
        <translation>Quão grande o texto aparece, além da escala da tela.</translation>
    </message>
    <message>
        <source>Reduced motion</source>
        <translation>Menos movimento</translation>
    </message>
    <message>
        <source>Bars and panels change at once instead of moving.</source>
        <translation>Barras e painéis mudam de uma vez, sem se mover.</translation>
    </message>
    <message>
        <source>Default model</source>
        <translation>Modelo padrão</translation>
    </message>
    <message>
        <source>The model that is loaded when Próxima starts, whichever was used last.</source>
        <translation>O modelo que é carregado quando o Próxima inicia, seja qual for o último usado.</translation>
    </message>
    <message>
        <source>The built-in model</source>
        <translation>O modelo embutido</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Tamanho do contexto</translation>
    </message>
    <message>
        <source>How many tokens of the conversation the model can see; more takes more memory. Automatic is what the model was trained for, up to 8,192, and less where memory is short. Each model can have its own, on the Models page.</source>
        <translation>Quantos tokens da conversa o modelo consegue ver; mais ocupa mais memória. Automático é aquilo para que o modelo foi treinado, até 8.192, e menos se faltar memória. Cada modelo pode ter o seu, na página Modelos.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>How many processor threads compute a reply. Automatic is one for each physical core.</source>
        <translation>Quantas threads do processador calculam uma resposta. Automático é uma para cada núcleo físico.</translation>
    </message>
    <message>
        <source>Layers on the graphics card</source>
        <translation>Camadas na placa de vídeo</translation>
    </message>
    <message>
        <source>How many layers of the model are computed there, where there is a card that can; 0 uses the processor alone.</source>
        <translation>Quantas camadas do modelo são calculadas nela, quando há uma placa capaz disso; 0 usa só o processador.</translation>
    </message>
    <message>
        <source>All that fit</source>
        <translation>Todas as que couberem</translation>
    </message>
    <message>
        <source>Candidates recorded for each token</source>
        <translation>Candidatos registrados por token</translation>
    </message>
    <message>
        <source>How many of the most likely next tokens are saved with each token of a reply, so that it can be explained later.</source>
        <translation>Quantos dos próximos tokens mais prováveis são guardados com cada token de uma resposta, para que ela possa ser explicada depois.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Nenhum</translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation>Quando o contexto ficar cheio</translation>
    </message>
    <message>
        <source>A long conversation outgrows what the model can see: what happens then.</source>
        <translation>O que acontece quando uma conversa longa passa do que o modelo consegue ver.</translation>
    </message>
    <message>
        <source>Leave out the oldest messages</source>
        <translation>Omitir as mais antigas</translation>
    </message>
    <message>
        <source>End the reply</source>
        <translation>Encerrar a resposta</translation>
    </message>
    <message>
        <source>Off-line mode</source>
        <translation>Modo off-line</translation>
    </message>
    <message>
        <source>Nothing is searched and nothing is fetched; downloads wait. Models that are here work as ever.</source>
        <translation>Nada é buscado e nada é baixado; os downloads esperam. Os modelos que já estão aqui funcionam como sempre.</translation>
    </message>
    <message>
        <source>Downloads at once</source>
        <translation>Downloads ao mesmo tempo</translation>
    </message>
    <message>
        <source>How many models are fetched at the same time; others wait.</source>
        <translation>Quantos modelos são baixados ao mesmo tempo; os outros esperam.</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Pasta de dados</translation>
    </message>
    <message>
        <source>Where conversations are kept. What is in the present folder stays there when another is chosen.</source>
        <translation>Onde as conversas ficam guardadas. O que está na pasta atual continua nela quando outra é escolhida.</translation>
    </message>
</context>
</TS>
