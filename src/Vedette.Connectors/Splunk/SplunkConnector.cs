using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Connectors.Splunk;

/// <summary>
/// Splunk. Different from the original on purpose: certificates are verified by default and on every connection; <c>attach_result</c> is
/// answered with a progress line, since a connector has no way into the vault.
/// </summary>
public sealed class SplunkConnector() : BuiltInConnector("splunk.json")
{
    /// <summary>A search reaches as far as its commands do.</summary>
    public override Reach ReachOf(ManifestAction action, JsonElement parameters)
    {
        ArgumentNullException.ThrowIfNull(action);
        return action.Name == "run query" && parameters.ValueKind == JsonValueKind.Object ? SearchReach.Of(Text(parameters, "command"), Text(parameters, "query")) : action.Reach;

        static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.ToString() : "";
    }

    private protected override async Task<ActionAnswer> Act(ActionCall call, CancellationToken ct)
    {
        if (call.Action is not ("test connectivity" or "run query" or "post data"))
        {
            return NoSuchAction(call);
        }

        var client = new SplunkClient(call);
        if (call.Action == "run query")
        {
            return await new SplunkSearch(call, client).Run(ct);
        }

        await Named("Error occurred while connecting to the Splunk server. Details: ", () => client.SignIn(ct));
        return call.Action == "post data" ? await PostData(call, client, ct) : await TestConnectivity(call, client, ct);
    }

    /// <summary>Puts the original's words in front of a cause and keeps its facts.</summary>
    internal static async Task Named(string words, Func<Task> act, JsonObject? summary = null)
    {
        try
        {
            await act();
        }
        catch (CallException e)
        {
            throw new CallException(e.Fault, words + e.Message, e) { Summary = summary };
        }
        catch (WayOutException e)
        {
            throw new CallException(e.Fault, words + e.Message, e) { Summary = summary };
        }
    }

    private static async Task<ActionAnswer> TestConnectivity(ActionCall call, SplunkClient client, CancellationToken ct)
    {
        var users = await client.Get("authentication/users?output_mode=json", ct);
        if (!users.Ok)
        {
            throw new CallException(users.Fault, $"{SplunkClient.Said(users)}. Connectivity test failed");
        }

        var version = (users.Json("Splunk")["generator"] as JsonObject)?["version"]?.ToString() ?? "unknown";
        var security = await client.Get("apps/local/SplunkEnterpriseSecuritySuite?output_mode=json", ct);
        call.Progress($"Detected Splunk {(security.Ok ? "ES " : "")}server version {version}");
        return Done("Connectivity test passed");
    }

    private static async Task<ActionAnswer> PostData(ActionCall call, SplunkClient client, CancellationToken ct)
    {
        var data = call.Text("data") is { Length: > 0 } text ? text : throw CallException.BadInput("Parameter 'data' is required.");
        List<string> query =
        [
            $"source={Uri.EscapeDataString(call.Text("source") ?? "Phantom")}",
            $"sourcetype={Uri.EscapeDataString(call.Text("source_type") ?? "Automation/Orchestration Platform")}",
        ];
        foreach (var name in (string[])["host", "index"])
        {
            if (call.Text(name) is { Length: > 0 } value)
            {
                query.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }

        var reply = await client.PostText($"receivers/simple?{string.Join('&', query)}", data, ct);
        if (!reply.Ok)
        {
            throw new CallException(reply.Fault, $"Error occurred while posting the data. {SplunkClient.Said(reply)}");
        }

        return reply.MediaType.Contains("html", StringComparison.OrdinalIgnoreCase)
            ? throw CallException.Unreadable("Splunk answered with an HTML page; whether the data was taken is not known.", mayHaveHappened: true)
            : Done("Successfully posted the data");
    }
}
