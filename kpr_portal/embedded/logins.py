"""Which database login a command uses (KPR_ROLE), and which commands need no server at all."""

# Commands that make or change tables, or look at them as their owner, and those that enter what no page may
# write: who has a staff role, what is said on top of every page, and who stands in a demo's population register.
OWNER_COMMANDS = frozenset(
    {
        "backup",
        "createcachetable",
        "dbshell",
        "dumpdata",
        "flush",
        "inspectdb",
        "load_population",
        "loaddata",
        "makemigrations",
        "migrate",
        "notice",
        "optimizemigration",
        "pgtrigger",
        "restore",
        "showmigrations",
        "sqlflush",
        "sqlmigrate",
        "sqlsequencereset",
        "squashmigrations",
        "staff_roles",
    }
)
# Commands that remove what only retention and a change of keys may remove.
KEEPER_COMMANDS = frozenset({"rotate_document_keys", "rotate_keys", "rotate_message_keys"})
# Commands that touch neither database nor queue, or (`run`, `reset`) see to the servers themselves.
SERVERLESS_COMMANDS = frozenset(
    {
        "",
        "check",
        "client_keys",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "keys",
        "make_blank_forms",
        "makemessages",
        "reset",
        "run",
        "startapp",
        "startproject",
        "version",
    }
)


def login_for(command: str) -> str:
    """The login of a command that was not told one: `owner` or `keeper` for those listed, else `web`."""
    if command in KEEPER_COMMANDS:
        return "keeper"
    return "owner" if command in OWNER_COMMANDS else "web"


def needs_servers(arguments: list[str]) -> bool:
    """Whether `manage.py` with these arguments needs a database and a queue."""
    command = arguments[0] if arguments else ""
    asks_for_help = bool({"-h", "--help", "--version"} & set(arguments))
    return not asks_for_help and command not in SERVERLESS_COMMANDS
