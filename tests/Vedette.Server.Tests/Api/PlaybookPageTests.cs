using System.Text.RegularExpressions;

namespace Vedette.Server.Tests.Api;

/// <summary>The page of the playbook API: its examples run, and the names it promises are there.</summary>
public sealed partial class PlaybookPageTests
{
    /// <summary>Every function, class, constant and module that the field's playbooks may use.</summary>
    private const string Names = """
        act playbook custom_function prompt prompt2 task completed actions_done discontinue set_action_limit playbook_block LoopState
        collect2 collect collect_from_contains get_action_results get_summary parse_success parse_errors parse_results print_errors get_successful_action_results_v2
        get_artifacts attacker_ips victim_ips get_raw_data get_container get_current_container_id_ get_playbook_info get_effective_user get_assets get_asset_names
        condition decision format get_format_data concatenate save_run_data get_run_data save_playbook_output_data save_data get_data clear_data
        save_object get_object clear_object get_list add_list delete_from_list datastore_get datastore_set datastore_add datastore_present datastore_delete datastore_check
        set_list remove_list check_list update set_severity set_sensitivity set_status close set_owner deescalate promote merge create_container add_artifact comment
        add_note get_notes pin update_pin delete_pin add_workbook set_phase get_tasks vault_info vault_add Vault get_vault_item_info get_vault_file
        valid_ip valid_net address_in_network is_ip is_url is_email is_hash is_domain is_hostname is_mac is_md5 is_sha1 is_sha256 is_sha512
        build_phantom_rest_url requests get_base_url get_rest_base_url debug error add_tags get_tags remove_tags set_label set_duetime add_task get_phase delete_artifact vault_delete
        get_filtered_data get_playbook_results get_custom_function_results get_parent_handle set_parent_handle get_extra_data get_apps render_template
        session_get session_post session_delete get_phantom_home get_playbook_run_id_ get_playbook_scope_ save_artifact save_block_result get_block_result
        base64 datetime timedelta dateutil ipaddress json os random re six string subprocess sys traceback types urllib urlparse utc uuid vault xrange deepcopy wraps
        Template Context APP_SUCCESS APP_ERROR SEVERITY_HIGH SEVERITY_MEDIUM SEVERITY_LOW SEVERITY_LIST SENSITIVITY_RED SENSITIVITY_LIST CEF_JSON CEF_NAME_MAPPING DATA_PATH_MAP
        KILL_CHAIN_LIST NOTE_FORMAT_HTML NOTE_FORMAT_MARKDOWN ACTION_RESULT_KEY_STATUS CUSTOM_FUNCTION_RESULT_KEY_NAME CONTAINS_VALIDATORS GET_ALL GET_NEW
        """;

    [Fact]
    public async Task EveryName_IsThere()
    {
        await using var site = await Site.Open();

        await site.Passes($"""
            missing = [name for name in "{string.Join(' ', Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}".split() if not hasattr(phantom, name)]
            assert not missing, missing
            """);
    }

    /// <summary>With nothing given most refuse, and that is an answer; those that ask a person or start something are tried elsewhere.</summary>
    [Fact]
    public async Task EveryFunctionOfTheEngine_IsAnswered()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            from phantom import _calls, _link
            tried = [name for name, _, _ in _calls.ANSWERED if name not in ("prompt", "prompt2", "task", "act", "playbook", "custom_function")]
            assert len(tried) > 40
            absent = []
            for name in tried:
                try:
                    _link.turn.call(name, {})
                except phantom.NotAvailable:
                    absent.append(name)
                except Exception:
                    pass
            assert absent == [], absent
            """);
    }

    [Fact]
    public async Task Constants_HaveTheValuesOfTheField()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            assert (phantom.SEVERITY_HIGH, phantom.SENSITIVITY_AMBER, phantom.NOTE_FORMAT_HTML) == ("high", "amber", "html")
            assert phantom.KILL_CHAIN_LIST[0] == phantom.KILL_CHAIN_RECON == "reconnaissance"
            assert phantom.ACTION_RESULT_KEY_APP_RUN_ID == "app_run_id" and phantom.DATA_PATH_MAP["action_result.data"] == "result_data.*.data"
            assert phantom.CEF_NAME_MAPPING["src"] == "sourceAddress" and phantom.CEF_NAME_MAPPING["sourceAddress"] == "src"
            assert phantom.CEF_JSON == phantom.requests.get(phantom.build_phantom_rest_url("cef_metadata"), verify=False).json()["cef"]
            assert phantom.CEF_JSON["sourceAddress"] == {"contains": ["ip"]}
            assert phantom.CONTAINS_VALIDATORS["ip"]("198.51.100.7") and not phantom.CONTAINS_VALIDATORS["md5"]("x")
            assert phantom.dateutil.parser.parse("2026-03-04T05:06:07Z").minute == 6
            assert list(phantom.six.iteritems({"a": 1})) == [("a", 1)] and phantom.six.text_type is str
            """);
    }

    [Fact]
    public async Task EveryExample_Runs()
    {
        await using var site = await Site.Open();
        var examples = Examples(await Page());

        Assert.True(examples.Count >= 17, $"{examples.Count} examples");
        foreach (var (at, example) in examples.Index())
        {
            var whole = example.Contains("def on_start", StringComparison.Ordinal)
                ? example
                : $"def on_start(container):\n{string.Join('\n', example.TrimEnd().Split('\n').Select(line => "    " + line))}\n";
            await site.PassesAs($"example_{at}", $"import phantom.rules as phantom\n\n{whole}");
        }
    }

    [Fact]
    public async Task EveryCallOfATable_HasAnExample()
    {
        var page = await Page();
        var examples = string.Concat(Examples(page));
        var calls = page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => Name().Matches(line.Split('|')[1])).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.True(calls.Count > 100, $"{calls.Count} calls");
        Assert.DoesNotContain(calls, call => !examples.Contains($"phantom.{call}(", StringComparison.Ordinal) && !examples.Contains($"phantom.{call}.", StringComparison.Ordinal));
    }

    private static async Task<string> Page()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "docs", "playbook-api.md")))
        {
            folder = Directory.GetParent(folder)!.FullName;
        }

        return await File.ReadAllTextAsync(System.IO.Path.Combine(folder, "docs", "playbook-api.md"), TestContext.Current.CancellationToken);
    }

    private static List<string> Examples(string page) => [.. Example().Matches(page).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Name();

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
