from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import KNOWN, Settings, load_settings
from rag.errors import BadSettings


def test_defaults_work() -> None:
    settings = load_settings({})
    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.data, settings.seeds) == (Path("data"), Path("seeds"))
    assert settings.embedding_model is None
    assert (settings.reader, settings.store, settings.api_keys_required) == ("on", "faiss", False)


def test_every_setting_of_the_contract_is_known() -> None:
    names = "HOST PORT DATA SEEDS EMBEDDING_MODEL READER LLM_BASE_URL LLM_API_KEY LLM_MODEL STORE"
    assert {f"JIANLI_{name}" for name in [*names.split(), "API_KEYS_REQUIRED"]} <= set(KNOWN)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_values_are_read() -> None:
    settings = load_settings(
        {
            "JIANLI_HOST": " 0.0.0.0 ",
            "JIANLI_PORT": "0",
            "JIANLI_DATA": "/tmp/x y",
            "JIANLI_SEEDS": "种子",
            "JIANLI_EMBEDDING_MODEL": "intfloat/multilingual-e5-small",
            "JIANLI_READER": "OFF",
            "JIANLI_STORE": "faiss",
            "JIANLI_API_KEYS_REQUIRED": "false",
            "JIANLI_LOG_LEVEL": "Debug",
            "PATH": "/bin",
        }
    )
    assert (settings.host, settings.port) == ("0.0.0.0", 0)
    assert (settings.data, settings.seeds) == (Path("/tmp/x y"), Path("种子"))
    assert settings.embedding_model == "intfloat/multilingual-e5-small"
    assert settings.log_level == "debug"


def test_empty_means_default() -> None:
    assert load_settings(dict.fromkeys(KNOWN, " ")) == Settings()


def test_dotenv_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        '\ufeffJIANLI_PORT=9001\n# a comment\nexport JIANLI_HOST="::1"\nOTHER=1\n'
        "JIANLI_SEEDS=${HOME}\nJIANLI_DATA\n",
        encoding="utf-8",
    )
    settings = load_settings({}, dotenv)
    assert (settings.host, settings.port, settings.data) == ("::1", 9001, Path("data"))
    assert settings.seeds == Path("${HOME}"), "the file means what it says, whatever the machine"
    assert load_settings({"JIANLI_PORT": "9002"}, dotenv).port == 9002
    assert load_settings({"JIANLI_PORT": ""}, dotenv).port == 8000
    assert load_settings({}, tmp_path / "none") == Settings()


def test_unreadable_dotenv_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"JIANLI_HOST=\xff\xfe")
    with pytest.raises(BadSettings, match=r"\.env"):
        load_settings({}, tmp_path / ".env")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("JIANLI_PROT", "JIANLI_PORT"), ("JIANLI_LLM_URL", "JIANLI_LLM_"), ("jianli_port", "JIANLI_PORT")],
)
def test_unknown_name_is_refused_with_the_nearest(name: str, nearest: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=rf"{name}.*mean {nearest}"):
        load_settings({name: "1"})
    (tmp_path / ".env").write_text(f"{name}=1\n")
    with pytest.raises(BadSettings, match=name):
        load_settings({}, tmp_path / ".env")


def test_unknown_name_far_from_all_lists_the_known() -> None:
    with pytest.raises(BadSettings, match="JIANLI_HOST, JIANLI_PORT"):
        load_settings({"JIANLI_ZZZZQQQQXXXX": ""})


@pytest.mark.parametrize("value", ["abc", "-1", "65536", "1.5", "８０００", "9" * 5000])
def test_bad_port(value: str) -> None:
    with pytest.raises(BadSettings, match=f"JIANLI_PORT has the value '{value}'"):
        load_settings({"JIANLI_PORT": value})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("JIANLI_HOST", "http://x", "address to listen on"),
        ("JIANLI_DATA", __file__, "a folder is needed"),
        ("JIANLI_DATA", "a\0b", "NUL"),
        ("JIANLI_READER", "maybe", "'on' or 'off'"),
        ("JIANLI_STORE", "http://localhost:19530", "Milvus is not in this version"),
        ("JIANLI_STORE", "milvus.db", "Milvus is not in this version"),
        ("JIANLI_STORE", "chroma", "the only store"),
        ("JIANLI_API_KEYS_REQUIRED", "true", "not available in this version"),
        ("JIANLI_API_KEYS_REQUIRED", "perhaps", "'true' or 'false'"),
        ("JIANLI_LOG_LEVEL", "loud", "debug, info"),
        ("JIANLI_LLM_BASE_URL", "http://x/v1", "no language model support in this version"),
        ("JIANLI_LLM_MODEL", "m", "no language model support in this version"),
    ],
)
def test_refused_values_say_what_to_do(name: str, value: str, says: str) -> None:
    with pytest.raises(BadSettings, match=f"{name}.*{says}"):
        load_settings({name: value})


def test_a_key_is_never_shown() -> None:
    with pytest.raises(BadSettings, match="JIANLI_LLM_API_KEY") as caught:
        load_settings({"JIANLI_LLM_API_KEY": "sk-secret"})
    assert "sk-secret" not in str(caught.value)
