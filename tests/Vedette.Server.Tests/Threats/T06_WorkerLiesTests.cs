using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Vedette.Lab;

namespace Vedette.Server.Tests.Threats;

/// <summary>Playbooks that take the worker's line out of the interpreter and speak for themselves: the engine bounds them, says why, and serves the others.</summary>
public sealed class T06_WorkerLiesTests
{
    private const string Breach = "broke the rules of a turn";

    /// <summary>How a playbook comes to the line.</summary>
    private static readonly string[] Ways =
    [
        "from phantom import _link; s = _link.turn._channel._socket",
        "import gc, socket; s = [o for o in gc.get_objects() if isinstance(o, socket.socket) and o.fileno() >= 0][0]",
        "import sys; s = sys.modules['phantom._link'].turn._channel._socket",
        """
        import ctypes, os, stat
            libc = ctypes.CDLL(None)
            number = [n for n in range(64) if is_socket(n)][0]
            class s:
                @staticmethod
                def sendall(b):
                    while b:
                        b = b[libc.write(number, b, len(b)):]
        """,
    ];

    /// <summary>What it says there, and a part of the sentence that the run ends with.</summary>
    private static readonly (string Says, string Sentence)[] Lies =
    [
        ("s.sendall(b'\\xff\\xff\\xff\\xff')", "announced a message of 4294967295 bytes"),
        ("s.sendall((16 << 20).to_bytes(4, 'little')); end()", ""),
        ("send(b'{\"c\":\"x\",\"a\":' + b'[' * 100000 + b']' * 100000 + b'}')", "depth"),
        ("send(b'{\"c\":\"x\",\"a\":{\"n\":[' + b'1,' * 7000000 + b'1]}}')", "values"),
        ("send(b'{\"k\":[' + b'1,' * 999999 + b'1]}'); send(b'{\"k\":[1]}')", "readings of the clock"),
        ("while True: send(b'{\"l\":[[10,\"' + b'x' * 1000 + b'\"]]}')", "log"),
        ("for _ in range(1000000): send(b'{\"t\":\"save_run_data\",\"a\":{\"key\":\"a\",\"value\":\"b\"}}')", "calls"),
        ("while True: send(b'{\"t\":\"save_run_data\",\"a\":{\"key\":\"a\",\"value\":\"' + b'x' * 8000000 + b'\"}}')", "bytes"),
        ("send(b'{\"t\":\"no_such\",\"a\":{}}')", "not available"),
        ("send(b'{\"turn\":1,\"run\":1}')", "no known kind"),
        ("send(b'{\"r\":null,\"run\":OTHER}'); send(b'{\"c\":\"add_note\",\"a\":{\"title\":\"late\",\"content\":\"late\"}}')", "there is no"),
        ("send(b'{\"e\":{\"type\":\"KeyError\",\"message\":\"made up\",\"line\":1e400}}')", "made up"),
        ("send(b'{\"m\":1}')", "memory"),
    ];

    /// <summary>Calls whose arguments make no sense: each gets an answer or an error, and the run goes on.</summary>
    private static readonly string[] Nonsense =
    [
        """{"c":"get_container","a":{"container_id":99999999999999999999999}}""",
        """{"c":"get_container","a":{"container_id":1e400}}""",
        """{"c":"add_note","a":{"container":-9223372036854775808,"title":[],"content":{}}}""",
        """{"c":"collect2","a":{"container":1,"datapath":["artifact:*.id"],"filter_artifacts":[1e400,1.5,99999999999999999999],"limit":-99999999999}}""",
        """{"c":"collect2","a":{"datapath":{"a":1},"scope":[1e9999]}}""",
        """{"c":"collect","a":{}}""",
        """{"c":"condition","a":{"conditions":[1,[],{},[[],[],[]]]}}""",
        """{"c":"format","a":{"template":"%%{0}%%","parameters":{"a":1}}}""",
        """{"c":"act","a":{"action":"whois domain","parameters":[1,"x",null,[]],"assets":{"a":{}}}}""",
        """{"c":"act","a":{}}""",
        """{"c":"custom_function","a":{"custom_function":7,"parameters":"x"}}""",
        """{"c":"rest","a":{"method":"\n","path":"/rest/%zz/%00","query":"a=%ff&&==","body":7}}""",
        """{"c":"rest","a":{"method":"POST","path":"/rest/container","body":"[[[["}}""",
        """{"c":"get_list","a":{"list_name":"outbound_connection_settings","values":[{}],"column_index":99999999999999}}""",
        """{"c":"save_data","a":{"key":{"a":1}}}""",
        """{"c":"update","a":{"container":1,"update":[1,2]}}""",
        """{"c":"add_artifact","a":{"container":1,"cef_data":[1],"field_mapping":7,"raw_data":"x"}}""",
        """{"c":"get_action_results","a":{"action_run_id":1e400,"action":{"action_run_id":{}}}}""",
        """{"c":"pin","a":{"pin_type":[],"name":{"a":1}}}""",
        """{"t":"save_playbook_output_data","a":{}}""",
        """{"t":"set_action_limit","a":{"limit":1e400}}""",
        """{"t":"set_action_limit","a":{}}""",
        """{"t":"save_run_data","a":{"key":[],"value":7}}""",
    ];

    [Fact]
    public async Task T06_LiesOnTheLine_EndTheirOwnRunWithASentence()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var honest = await site.RunPlaybook(admin, "honest", Honest);
        Assert.Equal("success", honest.Status);
        for (var lie = 0; lie < Lies.Length; lie++)
        {
            var (says, sentence) = Lies[lie];
            var run = await site.RunPlaybook(admin, $"lie_{lie}", Source(Ways[lie % Ways.Length], says.Replace("OTHER", $"{honest.Id}", StringComparison.Ordinal)));

            Assert.True(run.Message.Contains(sentence, StringComparison.Ordinal) || (sentence == "there is no" && run.Status == "success"), $"{says}: {run.Status} {run.Message}");
            Assert.Equal("success", (await site.RunPlaybook(admin, "honest", Honest)).Status);
        }

        Assert.DoesNotContain("late", (await site.Get("/rest/note?page_size=0")).ToString(), StringComparison.Ordinal);
        Assert.Equal(honest with { }, await site.Server.Store.Find<Engine.Storage.PlaybookRunRow>(honest.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task T06_NonsenseInCalls_IsAnsweredAndTheRunGoesOn()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var says = string.Concat(Nonsense.Select(frame => $"""
                send({JsonSerializer.Serialize(frame)}.encode())
                if {(frame.StartsWith("{\"c\"", StringComparison.Ordinal) ? "True" : "False")}: answers.append(bytes(_link.turn._channel.read()).decode())

            """));
        var run = await site.RunPlaybook(admin, "nonsense", $$"""
            import phantom.rules as phantom
            from phantom import _link
            def on_start(container):
                s = _link.turn._channel._socket
                answers = []
                def send(b): s.sendall(len(b).to_bytes(4, 'little') + b)
            {{says}}
                phantom.debug('answers ' + str(len(answers)))
            """);

        Assert.True(run.Status == "success", run.Message);
        var calls = Nonsense.Count(frame => frame.StartsWith("{\"c\"", StringComparison.Ordinal));
        Assert.Contains($"answers {calls}", (await site.Get($"/rest/playbook_run/{run.Id}/log?page_size=0")).ToString(), StringComparison.Ordinal);
    }

    /// <summary>Nothing is a lie here: calls that every playbook may make, without end. The turn is ended, and nothing that it wrote is there.</summary>
    [Theory]
    [InlineData("phantom.add_note(container=container, note_type='general', title='flood', content='x')")]
    [InlineData("phantom.add_artifact(container=container, raw_data={}, cef_data={'flood': 'x'}, label='x', name='flood', severity='low', identifier=None, artifact_type='x', run_automation=False)")]
    [InlineData("phantom.comment(container=container, comment='flood' * 10000)")]
    public async Task T06_FloodOfRealWrites_EndsItsOwnTurnAndLeavesNothing(string write)
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "flood", $"import phantom.rules as phantom\ndef on_start(container):\n    while True:\n        {write}\n");

        Assert.Equal("failed", run.Status);
        Assert.True(run.Message.Contains("calls", StringComparison.Ordinal) || run.Message.Contains("bytes", StringComparison.Ordinal), run.Message);
        foreach (var list in new[] { "note", "artifact", "container_comment" })
        {
            Assert.DoesNotContain("flood", (await site.Get($"/rest/{list}?page_size=0")).ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("success", (await site.RunPlaybook(admin, "honest", Honest)).Status);
    }

    [Fact(Timeout = 120_000)]
    public async Task T06_FloodsOfAllKindsAtOnce_MemoryIsBoundedAndAlertsAreServed()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
        using var server = await ServerProcess.Start(folder, new Uri(lab.Url), "not-used-here-but-long-enough-0123456789");
        using var admin = new HttpClient { BaseAddress = server.Url };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:a-made-up-password-1"u8));
        var before = Peak(server.Pid);
        var floods = Lies.Select(lie => Source(Ways[0], lie.Says.Replace("OTHER", "1", StringComparison.Ordinal)))
            .Append("import phantom.rules as phantom\ndef on_start(container):\n    phantom.format(container=container, template='%%' + 'x' * 1000000 + '{0}%%', parameters=[list(range(100000))])\n");
        var number = 0;
        foreach (var source in floods)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"flood_{number++}");
            await admin.Import(name, source);
            await admin.Said(HttpMethod.Post, "/rest/playbook_run", new { container_id = await admin.NewEvent(), playbook_id = $"local/{name}" });
        }

        await admin.Import("honest", Honest);
        var started = await admin.Said(HttpMethod.Post, "/rest/playbook_run", new { container_id = await admin.NewEvent(), playbook_id = "local/honest" });
        while ((await admin.Said(HttpMethod.Get, "/rest/playbook_run?_filter_status__in=[\"pending\",\"running\"]")).GetProperty("count").GetInt64() > 0)
        {
            await Task.Yield();
        }

        var runs = (await admin.Said(HttpMethod.Get, "/rest/playbook_run?page_size=0")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal("success", runs.Single(run => $"{run.GetProperty("id")}" == started.GetProperty("playbook_run_id").GetString()).GetProperty("status").GetString());
        Assert.Contains(runs, run => run.GetProperty("message").ToString().Contains("longer than", StringComparison.Ordinal));
        Assert.InRange(Peak(server.Pid) - before, 0, 600L << 20);
        server.Kill();
        Directory.Delete(folder, recursive: true);
    }

    private const string Honest = "import phantom.rules as phantom\ndef on_start(container):\n    phantom.comment(container=container, comment='served')\n";

    private static string Source(string way, string says) => $$"""
        import os, stat, time
        def is_socket(number):
            try:
                return stat.S_ISSOCK(os.fstat(number).st_mode)
            except OSError:
                return False
        def end():
            os._exit(0)
        def on_start(container):
            {{way}}
            def send(b): s.sendall(len(b).to_bytes(4, 'little') + b)
            {{says}}
            time.sleep(20)

        """;

    /// <summary>The most memory that the process ever held, in bytes.</summary>
    private static long Peak(int pid) => long.Parse(
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;
}
