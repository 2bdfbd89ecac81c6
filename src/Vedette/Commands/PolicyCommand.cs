using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Remote;
using Vedette.Terminal;

namespace Vedette.Commands;

/// <summary><c>vedette policy</c>: what automation does by itself, who is asked for the rest, and what it never does.</summary>
internal static class PolicyCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Make() => new ToldCommand("policy", """
        The autonomy policy: shown, set from a file, and asked what it would do.

        Example: vedette policy explain "create ticket" servicenow --event 12
        """) { Show(), SetFile(), Explain() };

    private static Command Show()
    {
        var command = new ToldCommand("show", $"""
            Prints the policy in force as JSON, as set takes it.
            {RemoteOptions.Help}

            Example: vedette policy show > policy.json
            """);
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed);
            Console.WriteLine(JsonSerializer.Serialize((await server.Get("/rest/policy", ct)).GetProperty("policy"), Indented));
            return 0;
        });
        return command;
    }

    private static Command SetFile()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The policy, JSON" };
        var command = new ToldCommand("set", $"""
            Sets the policy from a file, such as one kept in Git; it counts at once, also for what waits already.
            {RemoteOptions.HelpInPerson}
            What is not known in it is refused with all that is wrong, and the policy before stays.

            Example: vedette policy set policy.json --user admin
            """) { file };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var from = parsed.GetValue(file)!;
            var policy = await Read(from, ct);
            using var server = remote.Open(parsed, inPerson: true);
            await server.Post("/rest/policy", policy, ct);
            Console.WriteLine($"The policy of {from.Name} is in force.");
            return 0;
        });
        return command;
    }

    private static async Task<JsonObject> Read(FileInfo file, CancellationToken ct)
    {
        try
        {
            return JsonNode.Parse(await File.ReadAllTextAsync(file.FullName, ct), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }) as JsonObject
                ?? throw new CommandException($"{file.FullName} is no policy: it has to be a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new CommandException($"{file.FullName} is no JSON: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw new CommandException(exception.Message, exception);
        }
    }

    private static Command Explain()
    {
        var action = new Argument<string>("ACTION") { Description = "Name of the action" };
        var asset = new Argument<string>("ASSET") { Description = "Name of the asset" };
        var container = new Option<long?>("--event") { Description = "Number of the event it would be done for", HelpName = "ID" };
        var playbook = new Option<long?>("--playbook") { Description = "Number of the playbook that would ask", HelpName = "ID" };
        var parameters = new Option<string?>("--parameters") { Description = "What it would be done with, a JSON object", HelpName = "JSON" };
        var json = new Option<bool>("--json") { Description = "All of it as JSON, for machines" };
        var command = new ToldCommand("explain", $"""
            Says what the policy would do with an action now, and which rule says so. Nothing is done or asked.
            {RemoteOptions.Help}

            Example: vedette policy explain "create ticket" servicenow --event 12 --user alice
            """) { action, asset, container, playbook, parameters, json };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var query = $"action={Uri.EscapeDataString(parsed.GetValue(action)!)}&asset={Uri.EscapeDataString(parsed.GetValue(asset)!)}"
                + (parsed.GetValue(container) is { } id ? $"&container_id={id.ToString(CultureInfo.InvariantCulture)}" : "")
                + (parsed.GetValue(playbook) is { } asking ? $"&playbook={asking.ToString(CultureInfo.InvariantCulture)}" : "")
                + (parsed.GetValue(parameters) is { } given ? $"&parameters={Uri.EscapeDataString(given)}" : "");
            using var server = remote.Open(parsed);
            var told = await server.Get($"/rest/policy/explain?{query}", ct);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(told, Indented));
                return 0;
            }

            foreach (var line in Lines(told))
            {
                Console.WriteLine(SafeText.Of(line));
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<string> Lines(JsonElement told)
    {
        yield return told.GetProperty("would").GetString() switch
        {
            "run" => "It would be done by itself.",
            "ask" => "People would be asked before it is done.",
            "record" => "It would not be done; that it would have been is recorded.",
            _ => "It would be refused.",
        };
        yield return $"Because: {told.GetProperty("because").GetString()}";
        yield return $"Reach:   {told.GetProperty("reach").GetString()}; level of the installation: {told.GetProperty("level").GetString() ?? "none"}";
        foreach (var rule in told.GetProperty("rules").EnumerateArray())
        {
            yield return $"  rule \"{rule.GetProperty("name").GetString()}\", {rule.GetProperty("says").GetString()}: {(rule.GetProperty("applies").GetBoolean() ? "applies" : $"not, {rule.GetProperty("why_not").GetString()}")}";
        }

        foreach (var cap in told.GetProperty("caps").EnumerateArray())
        {
            yield return $"  cap \"{cap.GetProperty("name").GetString()}\": {cap.GetProperty("used").GetInt64()} of {cap.GetProperty("most").GetInt64()} {cap.GetProperty("counts").GetString()}";
        }
    }
}
