"""The constants that playbooks find in `phantom.rules`. CEF_JSON is not among them: the engine knows it (see rules.__getattr__)."""

APP_SUCCESS, APP_ERROR = True, False
APP_SUCCESS_STR, APP_ERROR_STR = "success", "failed"
GET_ALL, GET_NEW = "all", "new"

SEVERITY_HIGH, SEVERITY_MEDIUM, SEVERITY_LOW = "high", "medium", "low"
SEVERITY_LIST = [SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH]
SENSITIVITY_RED, SENSITIVITY_AMBER, SENSITIVITY_GREEN, SENSITIVITY_WHITE = "red", "amber", "green", "white"
SENSITIVITY_LIST = [SENSITIVITY_RED, SENSITIVITY_AMBER, SENSITIVITY_GREEN, SENSITIVITY_WHITE]
NOTE_FORMAT_HTML, NOTE_FORMAT_MARKDOWN = "html", "markdown"
KILL_CHAIN_LIST = ["reconnaissance", "weaponization", "delivery", "exploitation", "installation", "cnc", "actions_on_objectives"]
(KILL_CHAIN_RECON, KILL_CHAIN_WEAPONIZATION, KILL_CHAIN_DELIVERY, KILL_CHAIN_EXPLOITATION, KILL_CHAIN_INSTALLATION, KILL_CHAIN_CNC,
 KILL_CHAIN_ACTIONS_ON_OBJECTIVES) = KILL_CHAIN_LIST

PHANTOM_ENCODING = "utf-8"
DEFAULT_REST_BASE_URL = REST_BASE_URL = "https://127.0.0.1/rest/"

# The keys of results: ACTION_RESULT_KEY_STATUS and so on.
_RESULT_KEYS = "action action_results action_run_id app app_id app_run_id asset asset_id message name oid result_data status summary".split()
_FUNCTION_KEYS = "custom_function_name custom_function_run_id name status".split()
ACTION_RESULT_KEYS = frozenset(_RESULT_KEYS)
globals().update({"ACTION_RESULT_KEY_" + key.upper(): key for key in _RESULT_KEYS})
globals().update({"CUSTOM_FUNCTION_RESULT_KEY_" + key.upper(): key for key in _FUNCTION_KEYS})

# Where a datapath looks in a result.
DATA_PATH_MAP = {"action_result." + part: "result_data.*." + part for part in "data summary parameter status message context id".split()}
DATA_PATH_MAP.update({
    "action_result.loop_state": "loop_state", "custom_function_result.loop_state": "loop_state",
    "custom_function_result": "custom_function_results.*", "summary": "result_summary", "artifact:*.cef": "cef"})

# The short names of the CEF standard and the long ones, each way.
_SHORT_NAMES = dict(each.split("=") for each in (
    "act=deviceAction app=applicationProtocol cat=deviceEventCategory cnt=baseEventCount "
    "dhost=destinationHostName dmac=destinationMacAddress dntdom=destinationNtDomain dpid=destinationProcessId "
    "dpriv=destinationUserPrivileges dproc=destinationProcessName dpt=destinationPort dst=destinationAddress "
    "duid=destinationUserId duser=destinationUserName dvc=deviceAddress dvchost=deviceHostname dvcpid=deviceProcessId "
    "end=endTime fname=fileName fsize=fileSize in=bytesIn msg=message out=bytesOut outcome=eventOutcome "
    "proto=transportProtocol request=requestURL rt=receiptTime shost=sourceHostName smac=sourceMacAddress "
    "sntdom=sourceNtDomain spid=sourceProcessId spriv=sourceUserPrivileges sproc=sourceProcessName spt=sourcePort "
    "src=sourceAddress start=startTime suid=sourceUserId suser=sourceUserName").split())
_SHORT_NAMES.update({"c%s%d%s" % (kind, number, end): "deviceCustom%s%d%s" % (word, number, end)
                     for kind, word, most in (("n", "Number", 3), ("s", "String", 6))
                     for number in range(1, most + 1) for end in ("", "Label")})
CEF_NAME_MAPPING = {**_SHORT_NAMES, **{long: short for short, long in _SHORT_NAMES.items()}}
