using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Connectors.Whois;

/// <summary>WHOIS: from the first server along its referrals to the registrar, RDAP behind it, and the answers in the field's data paths.</summary>
public sealed class WhoisConnector() : BuiltInConnector("whois.json")
{
    private protected override Task<ActionAnswer> Act(ActionCall call, CancellationToken ct) => call.Action switch
    {
        "test connectivity" => TestConnectivity(call, ct),
        "whois domain" => Domain(call, ct),
        "whois ip" => Address(call, ct),
        _ => Task.FromResult(NoSuchAction(call)),
    };

    private static async Task<ActionAnswer> TestConnectivity(ActionCall call, CancellationToken ct)
    {
        await WhoisChain.Ask(call, "example.com", ct);
        call.Progress("The server answered.");
        return Done("Test Connectivity Passed");
    }

    private static async Task<ActionAnswer> Domain(ActionCall call, CancellationToken ct)
    {
        var given = call.Required("domain");
        var host = Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Host.Length > 0 ? url.Host : given;
        var name = Inputs.HostName(host) ?? throw Inputs.Invalid("domain");
        var domain = Domains.Registrable(name);
        if (Inputs.Address(domain) is not null)
        {
            throw Inputs.Invalid("domain");
        }

        var (answers, record) = await Told(call, domain, ct);
        return Answer(record.Data, record.Summary, record.Message.Length > 0 ? record.Message : AutomaticMessage.From(record.Summary), answers.Note);
    }

    /// <summary>WHOIS first, as the original; RDAP where that failed, or where nobody said anything about the domain.</summary>
    private static async Task<(WhoisAnswers Answers, WhoisRecord Record)> Told(ActionCall call, string domain, CancellationToken ct)
    {
        WhoisAnswers answers;
        try
        {
            answers = await WhoisChain.Ask(call, domain, ct);
        }
        catch (Exception e) when (e is WayOutException or CallException { Fault.Where: not FaultKind.BadInput })
        {
            ct.ThrowIfCancellationRequested();
            var instead = await Rdap.Ask(call, domain, ct);
            if (!instead.Helped)
            {
                throw instead.Note.Length == 0 ? e : new CallException((e as WayOutException)?.Fault ?? ((CallException)e).Fault, $"{e.Message} {instead.Note}", e);
            }

            answers = new WhoisAnswers([(instead.Server, instead.Text)], $"{e.Message} RDAP was asked in its place.");
            return (answers, WhoisRecord.Read(domain, answers));
        }

        var record = WhoisRecord.Read(domain, answers);
        if (record.Registered != "unknown")
        {
            return (answers, record);
        }

        var more = await Rdap.Ask(call, domain, ct);
        if (!more.Helped)
        {
            return (answers with { Note = string.Join('\n', new[] { answers.Note, more.Note }.Where(note => note.Length > 0)) }, record);
        }

        answers = answers with { All = [.. answers.All, (more.Server, more.Text)] };
        return (answers, WhoisRecord.Read(domain, answers));
    }

    private static async Task<ActionAnswer> Address(ActionCall call, CancellationToken ct)
    {
        var ip = Inputs.Address(call.Required("ip")) ?? throw Inputs.Invalid("ip");
        if (SpecialAddresses.NameOf(ip) is { } special)
        {
            // Never sent: who asks about an inside address only tells what is inside.
            return new ActionAnswer { Success = true, Message = $"Error Message: {(ip.GetAddressBytes().Length == 4 ? "IPv4" : "IPv6")} address {ip} is already defined as {special}." };
        }

        var answers = await WhoisChain.Ask(call, ip.ToString(), ct);
        var (origin, unasked) = await Origin.Ask(call, ip, ct);
        var net = WhoisNet.Read(ip.ToString(), answers, origin);
        return Answer(new JsonArray(net.Data), net.Summary, net.Message, answers.Note, unasked);
    }

    private static ActionAnswer Answer(JsonArray data, JsonObject summary, string message, params string[] notes) => new()
    {
        Success = true,
        Data = data,
        Summary = summary,
        Message = string.Join('\n', notes.Prepend(message).Where(part => part.Length > 0)),
    };
}
