using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Remote;
using Vedette.Terminal;

namespace Vedette.Commands;

/// <summary><c>vedette repo</c>: the Git repositories that playbooks live in.</summary>
internal static class RepositoryCommand
{
    public static Command Make() => new ToldCommand("repo", """
        The Git repositories that playbooks live in. What counts is a commit: a pull brings newer versions, and what is live changes
        when somebody takes them.

        Example: vedette repo add shared https://git.example/soc/playbooks.git --username vedette --user alice
        """) { Add(), List(), Pull(), Status(), Diff(), Take(), Log(), RollBack(), Push(), Merge(), Promote() };

    private static Argument<string> Name { get; } = new("NAME") { Description = "Name or number of the repository" };

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "What to call it; playbooks are named NAME/PLAYBOOK" };
        var uri = new Argument<string>("ADDRESS") { Description = "https, ssh, or a folder under an allowed root of the server" };
        var branch = new Option<string>("--branch") { Description = "The branch to follow", HelpName = "BRANCH", DefaultValueFactory = _ => "main" };
        var username = new Option<string?>("--username") { Description = "Who to come as at the other side", HelpName = "NAME" };
        var secret = new Option<string?>("--secret-file") { Description = "A file with the token, password or private key; it is kept encrypted, and sent to this address alone", HelpName = "FILE" };
        var hostKey = new Option<string?>("--host-key") { Description = "For ssh: a file with the line that ssh-keyscan writes; compare it with what the operator of the host says", HelpName = "FILE" };
        var readOnly = new Option<bool>("--read-only") { Description = "Nobody saves into it" };
        var follow = new Option<bool>("--follow") { Description = "A pull also changes what is live, where the new version reaches no further" };
        var most = new Option<string?>("--most-reach") { Description = "The furthest its playbooks may reach: reads, records, changes or destroys", HelpName = "WORD" };
        var every = new Option<long>("--every") { Description = "Pull it by itself so often; 0 for never", HelpName = "MINUTES" };
        return Asking("add", $"""
            Adds a repository. Nothing is fetched before it is pulled.
            {RemoteOptions.Help}

            Example: vedette repo add shared https://git.example/soc/playbooks.git --username vedette --secret-file token --user alice
            """, [name, uri], [branch, username, secret, hostKey, readOnly, follow, most, every], async (parsed, server, ct) =>
        {
            var draft = new JsonObject
            {
                ["name"] = parsed.GetValue(name),
                ["uri"] = parsed.GetValue(uri),
                ["branch"] = parsed.GetValue(branch),
                ["read_only"] = parsed.GetValue(readOnly),
                ["follow"] = parsed.GetValue(follow),
                ["every_minutes"] = parsed.GetValue(every),
            };
            Put(draft, "username", parsed.GetValue(username));
            Put(draft, "most_reach", parsed.GetValue(most));
            Put(draft, "password", await FileText(parsed.GetValue(secret), ct));
            Put(draft, "host_key", await FileText(parsed.GetValue(hostKey), ct));
            var made = await server.Post("/rest/scm", draft, ct);
            Console.WriteLine($"Repository {made.GetProperty("id")} \"{parsed.GetValue(name)}\" is there. Next: vedette repo pull {parsed.GetValue(name)}");
        });
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "The records as JSON, for machines" };
        return Asking("list", $"""
            Lists the repositories, with the commit that counts.
            {RemoteOptions.Help}

            Example: vedette repo list
            """, [], [json], async (parsed, server, ct) =>
        {
            var all = (await server.Get("/rest/scm?page_size=0&sort=id&order=asc", ct)).GetProperty("data");
            if (parsed.GetValue(json))
            {
                Console.WriteLine(all.GetRawText());
                return;
            }

            foreach (var one in all.EnumerateArray())
            {
                Console.WriteLine($"{one.GetProperty("id").GetInt64(),4}  {Text(one, "status"),-8}  {Short(Text(one, "head")),-10}  {Text(one, "name")}  {(Text(one, "uri").Length > 0 ? $"{Text(one, "uri")} {Text(one, "branch")}" : "here only")}{(one.GetProperty("read_only").GetBoolean() ? ", read-only" : "")}");
            }
        });
    }

    private static Command Pull()
    {
        var force = new Option<bool>("--force") { Description = "Also where commits made here are not there; they are kept under a branch of their own" };
        return Asking("pull", $"""
            Brings the newest commit of the other side. What is not live changes at once; of what is live a newer version waits.
            {RemoteOptions.Help}

            Example: vedette repo pull shared --user alice
            """, [Name], [force], async (parsed, server, ct) =>
            Tell(await server.Post($"/rest/scm/{await Number(server, parsed, ct)}", new JsonObject { ["pull"] = true, ["force"] = parsed.GetValue(force) }, ct)));
    }

    private static Command Status() => Asking("status", $"""
        Says where a repository is, what went wrong last, and which live playbooks a newer version waits for.
        {RemoteOptions.Help}

        Example: vedette repo status shared
        """, [Name], [], async (parsed, server, ct) =>
    {
        var number = await Number(server, parsed, ct);
        var one = await server.Get($"/rest/scm/{number}", ct);
        Console.WriteLine($"{Text(one, "name")}: {Text(one, "status")}, here {Short(Text(one, "head"))}, there {Short(Text(one, "remote_head"))} ({(Text(one, "uri").Length > 0 ? Text(one, "uri") : "no other side")})");
        Say(Text(one, "message"));
        foreach (var note in one.GetProperty("notes").EnumerateArray())
        {
            Say(note.GetString()!);
        }

        foreach (var playbook in (await server.Get($"/rest/playbook?_filter_scm={number}&page_size=0", ct)).GetProperty("data").EnumerateArray().Where(playbook => Text(playbook, "candidate").Length > 0))
        {
            Console.WriteLine($"  {Text(playbook, "name")}: live at {Short(Text(playbook, "commit"))}, {Short(Text(playbook, "candidate"))} waits: {Text(playbook, "candidate_reason")}");
        }
    });

    private static Command Diff()
    {
        var from = new Option<string?>("--from") { Description = "A commit or branch", HelpName = "COMMIT" };
        var to = new Option<string?>("--to") { Description = "A commit or branch", HelpName = "COMMIT" };
        var playbook = new Option<string?>("--playbook") { Description = "Only this one", HelpName = "NAME" };
        var text = new Option<bool>("--text") { Description = "Also the lines, as Git shows them" };
        return Asking("diff", $"""
            Shows what differs, block by block, and what a newer version asks for that the older did not, with how far it reaches.
            Without commits: what is live, and what waits.
            {RemoteOptions.Help}

            Example: vedette repo diff shared
            """, [Name], [from, to, playbook, text], async (parsed, server, ct) =>
        {
            var query = string.Join('&', new[] { ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)), ("playbook", parsed.GetValue(playbook)) }.Where(one => one.Item2 is not null).Select(one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}"));
            var diffs = (await server.Get($"/rest/scm/{await Number(server, parsed, ct)}/diff?{query}", ct)).GetProperty("data");
            if (diffs.GetArrayLength() == 0)
            {
                Console.WriteLine("Nothing differs.");
            }

            foreach (var diff in diffs.EnumerateArray())
            {
                Console.WriteLine($"{Text(diff, "name")} ({Text(diff, "status")}): {Short(Text(diff, "from"))} to {Short(Text(diff, "to"))}, reaches {Reach(diff, "reach_before")} before and {Reach(diff, "reach")} now");
                foreach (var ask in diff.GetProperty("asks").EnumerateArray())
                {
                    Console.WriteLine($"  new    {Text(ask, "kind")} \"{Text(ask, "what")}\" in {Text(ask, "block")}: {Reach(ask, "reach")}");
                }

                foreach (var block in diff.GetProperty("blocks").EnumerateArray())
                {
                    Console.WriteLine($"  {Text(block, "status"),-7}  {Text(block, "block")}");
                }

                if (parsed.GetValue(text))
                {
                    Console.WriteLine(string.Join('\n', diff.GetProperty("text").GetString()!.Split('\n').Select(SafeText.Of)));
                }
            }
        });
    }

    private static Command Take()
    {
        var playbooks = new Argument<string[]>("PLAYBOOK") { Description = "Which; all that wait if none is named", Arity = ArgumentArity.ZeroOrMore };
        return Asking("take", $"""
            Makes newer versions of live playbooks count. Who wrote one leaves it to somebody else.
            {RemoteOptions.Help}

            Example: vedette repo take shared triage --user alice
            """, [Name, playbooks], [], async (parsed, server, ct) =>
            Tell(await server.Post($"/rest/scm/{await Number(server, parsed, ct)}/take", new JsonObject { ["playbooks"] = new JsonArray([.. (parsed.GetValue(playbooks) ?? []).Select(one => (JsonNode)one)]) }, ct)));
    }

    private static Command Log()
    {
        var playbook = new Option<string?>("--playbook") { Description = "Only commits that touch this one", HelpName = "NAME" };
        var limit = new Option<int>("--limit") { Description = "How many", HelpName = "N", DefaultValueFactory = _ => 20 };
        return Asking("log", $"""
            Lists commits, newest first.
            {RemoteOptions.Help}

            Example: vedette repo log local --playbook triage
            """, [Name], [playbook, limit], async (parsed, server, ct) =>
        {
            var query = parsed.GetValue(playbook) is { } named ? $"&playbook={Uri.EscapeDataString(named)}" : "";
            var log = await server.Get($"/rest/scm/{await Number(server, parsed, ct)}/log?limit={parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)}{query}", ct);
            foreach (var entry in log.GetProperty("data").EnumerateArray())
            {
                Console.WriteLine($"{Short(Text(entry, "commit"))}  {Text(entry, "time")[..16].Replace('T', ' ')}  {Text(entry, "author")}: {Text(entry, "subject")}");
            }
        });
    }

    private static Command RollBack()
    {
        var playbook = new Argument<string>("PLAYBOOK") { Description = "Which" };
        var to = new Option<string?>("--to") { Description = "The commit to go back to [default: the version that was in force before]", HelpName = "COMMIT" };
        return Asking("rollback", $"""
            Makes an earlier version of a playbook count. The other side is not asked; runs keep what they started with.
            {RemoteOptions.Help}

            Example: vedette repo rollback shared triage --user alice
            """, [Name, playbook], [to], async (parsed, server, ct) =>
        {
            var body = new JsonObject { ["playbook"] = parsed.GetValue(playbook) };
            Put(body, "commit", parsed.GetValue(to));
            Say(Text(await server.Post($"/rest/scm/{await Number(server, parsed, ct)}/rollback", body, ct), "message"));
        });
    }

    private static Command Push() => Asking("push", $"""
        Gives the other side what was committed here. Where somebody was faster nothing is overwritten: pull, and push again.
        {RemoteOptions.Help}

        Example: vedette repo push shared --user alice
        """, [Name], [], async (parsed, server, ct) =>
        Say(Text(await server.Post($"/rest/scm/{await Number(server, parsed, ct)}/push", [], ct), "message")));

    private static Command Merge()
    {
        var ours = new Option<string[]>("--ours") { Description = "Where both changed the same lines, what is here counts; a playbook or a path", HelpName = "NAME" };
        var theirs = new Option<string[]>("--theirs") { Description = "And here what is there", HelpName = "NAME" };
        return Asking("merge", $"""
            Puts both sides together after both went on. Different lines are merged; for the same lines say which side counts.
            {RemoteOptions.Help}

            Example: vedette repo merge shared --theirs triage --user alice
            """, [Name], [ours, theirs], async (parsed, server, ct) =>
        {
            var choices = new JsonObject();
            foreach (var (word, names) in new[] { ("ours", parsed.GetValue(ours)), ("theirs", parsed.GetValue(theirs)) })
            {
                foreach (var name in names ?? [])
                {
                    choices[name] = word;
                }
            }

            Tell(await server.Post($"/rest/scm/{await Number(server, parsed, ct)}/merge", new JsonObject { ["choices"] = choices }, ct));
        });
    }

    private static Command Promote()
    {
        var to = new Option<string>("--to") { Description = "The environment: a branch here and at the other side", HelpName = "BRANCH", Required = true };
        var commit = new Option<string?>("--commit") { Description = "Which commit [default: the one that counts]", HelpName = "COMMIT" };
        var report = new Option<string?>("--report") { Description = "What vedette playbook test wrote; kept in the record", HelpName = "FILE" };
        return Asking("promote", $"""
            Gives a commit to an environment, which is a branch that another installation pulls.
            {RemoteOptions.Help}

            Example: vedette repo promote shared --to production --report report.json --user alice
            """, [Name], [to, commit, report], async (parsed, server, ct) =>
        {
            var body = new JsonObject { ["to"] = parsed.GetValue(to) };
            Put(body, "commit", parsed.GetValue(commit));
            Put(body, "report", await FileText(parsed.GetValue(report), ct));
            Say(Text(await server.Post($"/rest/scm/{await Number(server, parsed, ct)}/promote", body, ct), "message"));
        });
    }

    private static Command Asking(string name, string told, Argument[] arguments, Option[] options, Func<ParseResult, RemoteServer, CancellationToken, Task> ask)
    {
        var command = new ToldCommand(name, told);
        foreach (var argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed);
            await ask(parsed, server, ct);
            return 0;
        });
        return command;
    }

    private static async Task<string> Number(RemoteServer server, ParseResult parsed, CancellationToken ct)
    {
        var name = parsed.GetValue(Name)!;
        if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return name;
        }

        var found = (await server.Get($"/rest/scm?_filter_name={Uri.EscapeDataString(JsonSerializer.Serialize(name))}", ct)).GetProperty("data");
        return found.GetArrayLength() == 1 ? found[0].GetProperty("id").GetRawText() : throw new CommandException($"There is no repository \"{name}\". vedette repo list shows those there are.");
    }

    private static void Tell(JsonElement report)
    {
        Say(Text(report, "message"));
        foreach (var (key, words) in new[] { ("taken", "counts"), ("gone", "is no longer there") })
        {
            foreach (var one in report.GetProperty(key).EnumerateArray())
            {
                Console.WriteLine($"  {SafeText.Of(one.GetString()!)} {words}");
            }
        }

        foreach (var one in report.GetProperty("waiting").EnumerateArray())
        {
            Console.WriteLine($"  {Text(one, "name")} waits: {Text(one, "reason")}");
        }

        foreach (var one in report.GetProperty("notes").EnumerateArray())
        {
            Console.WriteLine($"  {SafeText.Of(one.GetString()!)}");
        }
    }

    private static void Say(string sentence)
    {
        if (sentence.Length > 0)
        {
            Console.WriteLine(SafeText.Of(sentence));
        }
    }

    private static void Put(JsonObject body, string key, string? value)
    {
        if (value is not null)
        {
            body[key] = value;
        }
    }

    private static async Task<string?> FileText(string? file, CancellationToken ct)
    {
        try
        {
            return file is null ? null : (await File.ReadAllTextAsync(file, ct)).TrimEnd('\r', '\n');
        }
        catch (IOException exception)
        {
            throw new CommandException($"The file {file} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>What comes from a repository is somebody else's text.</summary>
    private static string Text(JsonElement of, string key) => SafeText.Of(of.GetProperty(key).GetString() ?? "");

    private static string Reach(JsonElement of, string key) => of.GetProperty(key).ValueKind == JsonValueKind.String ? Text(of, key) : "nobody can say how far";

    private static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit.Length == 0 ? "-" : commit;
}
