"""Made by ``python -m eval.train.weights``, do not edit.

retriever (23d74315bf42), reader (849061bb4eeb)
with the reader: {'questions': 420, 'best sentence right': 0.701, 'auc answerable': 0.839, 'answered': 0.817}
without: {'questions': 420, 'best sentence right': 0.637, 'auc answerable': 0.671, 'answered': 0.616}
"""

from rag.linear import Weights

WITH_READER = Weights(
    sentence=(
        12.1523,  # cosine
        4.4545,  # passage_cosine
        2.8857,  # coverage
        2.3133,  # context_coverage
        1.0362,  # kind
        1.5818,  # reciprocal_rank
        2.3986,  # named_section
        -0.5411,  # same_language
        6.5414,  # reader
        3.5108,  # window
    ),
    answered=(
        6.2641,  # cosine
        2.1314,  # passage_cosine
        0.0,  # coverage
        0.0,  # context_coverage
        0.9978,  # kind
        0.0162,  # score
        0.0,  # lead
        -3.6463,  # unsupported_figures
        -8.6017,  # unsupported_names
        0.1726,  # english_on_english
        -0.0848,  # across_languages
        1.7937,  # reader
        3.4188,  # window
        0.0,  # best_window
        1.012,  # any_sentence
    ),
    bias=-6.6992,
    threshold=0.3244,
)
WITHOUT_READER = Weights(
    sentence=(
        18.0675,  # cosine
        6.4244,  # passage_cosine
        4.1848,  # coverage
        5.2067,  # context_coverage
        1.6853,  # kind
        1.5988,  # reciprocal_rank
        2.6099,  # named_section
        -1.4633,  # same_language
    ),
    answered=(
        7.8524,  # cosine
        5.5954,  # passage_cosine
        0.0,  # coverage
        0.0,  # context_coverage
        0.6951,  # kind
        0.0,  # score
        0.2192,  # lead
        -4.358,  # unsupported_figures
        -6.4707,  # unsupported_names
        -0.3201,  # english_on_english
        0.1996,  # across_languages
    ),
    bias=-11.0456,
    threshold=0.3723,
)
