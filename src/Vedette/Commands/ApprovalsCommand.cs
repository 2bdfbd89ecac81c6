using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Remote;
using Vedette.Terminal;

namespace Vedette.Commands;

/// <summary><c>vedette approvals</c>: what runs ask people, and answering it.</summary>
internal static class ApprovalsCommand
{
    public static Command Make() => new ToldCommand("approvals", """
        What playbook runs ask people: listed, shown, answered or declined.

        Example: vedette approvals list --user alice
        """) { List(), Show(), Answer(), Decline(), Delegate() };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Also those that have ended" };
        var json = new Option<bool>("--json") { Description = "The records as JSON, for machines" };
        var command = new ToldCommand("list", $"""
            Lists what waits for an answer, oldest first.
            {RemoteOptions.Help}

            Example: vedette approvals list --user alice
            """) { all, json };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed);
            var only = parsed.GetValue(all) ? "" : "&_filter_status=\"pending\"";
            var approvals = (await server.Get($"/rest/approval?page_size=0&sort=id&order=asc&pretty{only}", ct)).GetProperty("data");
            if (parsed.GetValue(json))
            {
                Console.WriteLine(approvals.GetRawText());
                return 0;
            }

            if (approvals.GetArrayLength() == 0)
            {
                Console.WriteLine(only.Length > 0 ? "Nothing waits for an answer." : "Nothing was ever asked.");
            }

            foreach (var approval in approvals.EnumerateArray())
            {
                Console.WriteLine(ApprovalText.Line(approval));
            }

            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var id = Id();
        var command = new ToldCommand("show", $"""
            Shows what is asked, of whom, until when, and how to answer it.
            {RemoteOptions.Help}
            Lines that begin with a bar come from playbooks and alerts; all others the server says itself.

            Example: vedette approvals show 12 --user alice
            """) { id };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed);
            Console.Write(ApprovalText.Whole(await server.Get($"{Path(parsed.GetValue(id))}?pretty", ct)));
            return 0;
        });
        return command;
    }

    private static Command Answer()
    {
        var id = Id();
        var responses = new Argument<string[]>("RESPONSE") { Description = "One for each question, in order; none approves what has no questions", Arity = ArgumentArity.ZeroOrMore };
        var message = Message();
        var command = new ToldCommand("answer", $"""
            Answers what a run asks, or approves the action it is about to take.
            {RemoteOptions.HelpInPerson}
            The first answer counts; who comes later is told so.

            Example: vedette approvals answer 12 Yes 30 --user alice
            """) { id, responses, message };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var given = new JsonObject
            {
                ["status"] = "approve",
                ["responses"] = new JsonArray([.. parsed.GetValue(responses)!.Select(response => (JsonNode)response)]),
                ["message"] = parsed.GetValue(message),
            };
            using var server = remote.Open(parsed, inPerson: true);
            var said = await server.Post(Path(parsed.GetValue(id)), given, ct);
            Console.WriteLine(said.TryGetProperty("message", out var left) ? SafeText.Of(left.GetString()!) : $"Approval {Number(parsed.GetValue(id))} is answered; the run goes on.");
            return 0;
        });
        return command;
    }

    private static Command Decline()
    {
        var id = Id();
        var message = Message();
        var command = new ToldCommand("decline", $"""
            Turns down what a run asks: for the run that action has failed.
            {RemoteOptions.HelpInPerson}
            The first answer counts; who comes later is told so.

            Example: vedette approvals decline 12 --message "not this host" --user alice
            """) { id, message };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed, inPerson: true);
            await server.Post(Path(parsed.GetValue(id)), new JsonObject { ["status"] = "deny", ["message"] = parsed.GetValue(message) }, ct);
            Console.WriteLine($"Approval {Number(parsed.GetValue(id))} is declined; the run is told that it failed.");
            return 0;
        });
        return command;
    }

    private static Command Delegate()
    {
        var to = new Argument<string>("PERSON") { Description = "Username of who answers instead" };
        var days = new Option<int>("--days") { Description = "For how many days, at most 90", HelpName = "N", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, for the record", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var command = new ToldCommand("delegate", $"""
            Has somebody else answer what you are asked, for some days.
            {RemoteOptions.HelpInPerson}
            What you have asked for yourself is not approved in your place.

            Example: vedette approvals delegate bob --days 5 --reason holiday --user alice
            """) { to, days, reason };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed, inPerson: true);
            var until = DateTimeOffset.UtcNow.AddDays(parsed.GetValue(days));
            await server.Post("/rest/delegation", new JsonObject { ["to"] = parsed.GetValue(to), ["until"] = until.ToString("O", CultureInfo.InvariantCulture), ["reason"] = parsed.GetValue(reason) }, ct);
            Console.WriteLine($"{parsed.GetValue(to)} answers in your place until {until:yyyy-MM-dd HH:mm} UTC.");
            return 0;
        });
        return command;
    }

    private static Argument<long> Id() => new("ID") { Description = "Its number, as list shows it" };

    private static Option<string> Message() => new("--message") { Description = "What is to be on record with it", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    private static string Path(long id) => $"/rest/approval/{Number(id)}";

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
