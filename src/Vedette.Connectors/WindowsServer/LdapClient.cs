using System.Formats.Asn1;
using System.Globalization;
using System.Text;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.WindowsServer;

/// <summary>An entry of the directory.</summary>
internal sealed record LdapEntry(string Name, Dictionary<string, List<byte[]>> Attributes)
{
    public string? First(string attribute) => Attributes.TryGetValue(attribute, out var values) && values.Count > 0 ? Encoding.UTF8.GetString(values[0]) : null;
}

/// <summary>
/// A bound LDAP v3 connection. Our own, because the platform's library on Linux has no certificate callback and can send the password to
/// another server than the one named.
/// </summary>
internal sealed class LdapClient(Stream stream, string server) : IAsyncDisposable
{
    private const int PageSize = 500;
    private const int MostEntries = 10_000;
    private const string PagedResults = "1.2.840.113556.1.4.319";
    private readonly LdapMessages _messages = new(stream, server);
    private int _id;
    private string? _namingContext;

    public static async Task<LdapClient> Bind(ActionCall call, CancellationToken ct)
    {
        var server = call.Asset.Required("server");
        var user = call.Asset.Required("username");
        // A simple bind without a password is an anonymous one, and succeeds: a blank password must not pass for a sign-in.
        _ = call.Asset.Required("password");
        var password = call.Asset.Text("password")!;
        var secure = call.Asset.Flag("force_ssl", otherwise: true);
        var tls = secure ? Exchange.Tls(call.Asset, "validate_ssl_cert") : null;
        var stream = await call.WayOut.Connect(server, secure ? call.Asset.Number("ssl_port", 636) : call.Asset.Number("port", 389), tls, ct);
        var client = new LdapClient(stream, server);
        try
        {
            await client.SimpleBind(user, password, ct);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task<string> NamingContext(CancellationToken ct)
    {
        if (_namingContext is null)
        {
            var root = await Find("", scope: 0, LdapFilter.Present("objectClass"), ["defaultNamingContext"], ct);
            _namingContext = root.Count > 0 && root[0].First("defaultNamingContext") is { } context
                ? context
                : throw CallException.Unreadable($"{server} does not name its directory (defaultNamingContext).");
        }

        return _namingContext;
    }

    public Task<List<LdapEntry>> Search(string baseName, LdapFilter filter, IReadOnlyList<string> attributes, CancellationToken ct) => Find(baseName, scope: 2, filter, attributes, ct);

    public async ValueTask DisposeAsync() => await stream.DisposeAsync();

    private async Task SimpleBind(string user, string password, CancellationToken ct)
    {
        var id = ++_id;
        await _messages.Send(id, new Asn1Tag(TagClass.Application, 0, isConstructed: true), null, writer =>
        {
            writer.WriteInteger(3);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(user));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(password), new Asn1Tag(TagClass.ContextSpecific, 0));
        }, ct);
        var (_, body, _) = await _messages.Receive(id, ct);
        var (code, message) = LdapMessages.Result(body);
        switch (code)
        {
            case 0:
                return;
            case 49:
                throw new CallException(new Fault(FaultKind.Unauthorized), $"LDAPInvalidCredentialsResult - 49 - invalidCredentials - None - {message} - bindResponse - None");
            case 8:
                throw new CallException(new Fault(FaultKind.Unauthorized), $"{server} takes no password over a plain connection (strongerAuthRequired). Set force_ssl.");
            default:
                throw Failed(code, message, "The sign-in");
        }
    }

    private async Task<List<LdapEntry>> Find(string baseName, int scope, LdapFilter filter, IReadOnlyList<string> attributes, CancellationToken ct)
    {
        var entries = new List<LdapEntry>();
        var cookie = Array.Empty<byte>();
        do
        {
            var id = ++_id;
            var page = cookie;
            await _messages.Send(id, new Asn1Tag(TagClass.Application, 3, isConstructed: true), scope == 0 ? null : controls => Paged(controls, page), writer =>
            {
                writer.WriteOctetString(Encoding.UTF8.GetBytes(baseName));
                writer.WriteEnumeratedValue((SearchScope)scope);
                writer.WriteEnumeratedValue(DerefAliases.Never);
                writer.WriteInteger(0);
                writer.WriteInteger(0);
                writer.WriteBoolean(false);
                filter.Write(writer);
                using (writer.PushSequence())
                {
                    foreach (var attribute in attributes)
                    {
                        writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute));
                    }
                }
            }, ct);
            cookie = await ReadPage(id, entries, ct);
        }
        while (cookie.Length > 0);
        return entries;
    }

    /// <returns>The cookie of the next page; empty when this was the last.</returns>
    private async Task<byte[]> ReadPage(int id, List<LdapEntry> entries, CancellationToken ct)
    {
        while (true)
        {
            var (tag, body, controls) = await _messages.Receive(id, ct);
            switch (tag)
            {
                case 4:
                    entries.Add(LdapMessages.Entry(body));
                    if (entries.Count > MostEntries)
                    {
                        throw CallException.Unreadable($"{server} gave more than {MostEntries} entries; narrow the search.");
                    }

                    break;
                case 19:
                    // A referral to another directory: not followed, the password belongs to this one.
                    break;
                case 5:
                    var (code, message) = LdapMessages.Result(body);
                    return code == 0 ? LdapMessages.Cookie(controls, PagedResults) : throw Failed(code, message, "The search");
                default:
                    throw CallException.Unreadable($"{server} answered a search with a message of kind {tag}.");
            }
        }
    }

    private static void Paged(AsnWriter controls, byte[] cookie)
    {
        var value = new AsnWriter(AsnEncodingRules.BER);
        using (value.PushSequence())
        {
            value.WriteInteger(PageSize);
            value.WriteOctetString(cookie);
        }

        using (controls.PushSequence())
        {
            controls.WriteOctetString(Encoding.ASCII.GetBytes(PagedResults));
            controls.WriteOctetString(value.Encode());
        }
    }

    private static CallException Failed(long code, string message, string what) => new(
        new Fault(code is 51 or 52 ? FaultKind.OutOfOrder : FaultKind.Refused),
        $"{what} failed with LDAP result {code.ToString(CultureInfo.InvariantCulture)}: {message}");

    private enum SearchScope
    {
        Base = 0,
        Subtree = 2,
    }

    private enum DerefAliases
    {
        Never = 0,
    }
}
