using System.Formats.Asn1;
using System.Globalization;
using System.Text;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.WindowsServer;

/// <summary>An entry of the directory.</summary>
internal sealed record LdapEntry(string Name, Dictionary<string, List<byte[]>> Attributes)
{
    public byte[]? Bytes(string attribute) => Attributes.TryGetValue(attribute, out var values) && values.Count > 0 ? values[0] : null;

    public string? First(string attribute) => Bytes(attribute) is { } value ? Encoding.UTF8.GetString(value) : null;
}

/// <summary>
/// A bound LDAP v3 connection. Our own, because the platform's library on Linux has no certificate callback and can send the password to
/// another server than the one named. Plain LDAP only where the asset turns off both ways of TLS.
/// </summary>
internal sealed class LdapClient : IAsyncDisposable
{
    private const int PageSize = 500;
    private const int MostEntries = 10_000;
    /// <summary>An honest directory fills its pages; one that sends empty ones for ever is left.</summary>
    private const int MostPages = 1_000;

    private const int MostRanges = 100;
    private const string PagedResults = "1.2.840.113556.1.4.319";
    private const string StartTls = "1.3.6.1.4.1.1466.20037";
    private readonly string _server;
    private Stream _stream;
    private LdapMessages _messages;
    private int _id;
    private string? _namingContext;

    private LdapClient(Stream stream, string server) => (_stream, _server, _messages) = (stream, server, new LdapMessages(stream, server));

    public static async Task<LdapClient> Bind(ActionCall call, CancellationToken ct)
    {
        var server = call.Asset.Required("server");
        var user = call.Asset.Required("username");
        // Never blank: a simple bind without a password is an anonymous one, and succeeds.
        var password = call.Asset.Secret("password");
        var check = Exchange.Tls(call.Asset, "validate_ssl_cert");
        // Asked for StartTLS by name, over the default of LDAPS; only with both off does the password travel in the clear.
        var startTls = call.Asset.Flag("start_tls", otherwise: false);
        var tlsAtOnce = !startTls && call.Asset.Flag("force_ssl", otherwise: true);
        var port = tlsAtOnce ? Port(call.Asset, "ssl_port", 636) : Port(call.Asset, "port", 389);
        var client = new LdapClient(await call.WayOut.Connect(server, port, tlsAtOnce ? check : null, ct), server);
        try
        {
            if (startTls)
            {
                await client.Secure(call.WayOut, check, ct);
            }

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
                : throw CallException.Unreadable($"{_server} does not name its directory (defaultNamingContext).");
        }

        return _namingContext;
    }

    public async Task<List<LdapEntry>> Search(string baseName, LdapFilter filter, IReadOnlyList<string> attributes, CancellationToken ct)
    {
        var found = await Find(baseName, scope: 2, filter, attributes, ct);
        foreach (var entry in found)
        {
            await Complete(entry, ct);
        }

        return found;
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private static int Port(AssetSettings asset, string field, int otherwise) => asset.Number(field, otherwise) is > 0 and < 65536 and var port
        ? port
        : throw CallException.BadInput($"The asset's '{field}' is no port.");

    private async Task Secure(IWayOut wayOut, TlsCheck check, CancellationToken ct)
    {
        var id = ++_id;
        await _messages.Send(id, new Asn1Tag(TagClass.Application, 23, isConstructed: true), null, writer =>
            writer.WriteOctetString(Encoding.ASCII.GetBytes(StartTls), new Asn1Tag(TagClass.ContextSpecific, 0)), ct);
        var (code, message) = await Answer(id, tag: 24, "StartTLS", ct);
        if (code != 0)
        {
            throw Failed(code, message, "StartTLS");
        }

        // Messages are read to their last byte and no further, so nothing said in the clear is taken for said under TLS.
        _stream = await wayOut.Upgrade(_stream, _server, check, ct);
        _messages = new LdapMessages(_stream, _server);
    }

    private async Task<(long Code, string Message)> Answer(int id, int tag, string what, CancellationToken ct)
    {
        var (of, body, _) = await _messages.Receive(id, ct);
        return of == tag ? _messages.Read(() => LdapMessages.Result(body)) : throw CallException.Unreadable($"{_server} answered {what} with a message of kind {of}.");
    }

    private async Task SimpleBind(string user, string password, CancellationToken ct)
    {
        var id = ++_id;
        await _messages.Send(id, new Asn1Tag(TagClass.Application, 0, isConstructed: true), null, writer =>
        {
            writer.WriteInteger(3);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(user));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(password), new Asn1Tag(TagClass.ContextSpecific, 0));
        }, ct);
        var (code, message) = await Answer(id, tag: 1, "the sign-in", ct);
        switch (code)
        {
            case 0:
                return;
            case 49:
                throw new CallException(new Fault(FaultKind.Unauthorized), $"LDAPInvalidCredentialsResult - 49 - invalidCredentials - None - {message} - bindResponse - None");
            case 8:
                throw new CallException(new Fault(FaultKind.Unauthorized), $"{_server} takes no password over this connection (strongerAuthRequired). Set force_ssl or start_tls.");
            default:
                throw Failed(code, message, "The sign-in");
        }
    }

    private async Task<List<LdapEntry>> Find(string baseName, int scope, LdapFilter filter, IReadOnlyList<string> attributes, CancellationToken ct)
    {
        var entries = new List<LdapEntry>();
        var cookie = Array.Empty<byte>();
        var pages = 0;
        do
        {
            if (++pages > MostPages)
            {
                throw CallException.Unreadable($"{_server} gave more than {MostPages} pages; narrow the search.");
            }

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
                    entries.Add(_messages.Read(() => LdapMessages.Entry(body)));
                    if (entries.Count > MostEntries)
                    {
                        throw CallException.Unreadable($"{_server} gave more than {MostEntries} entries; narrow the search.");
                    }

                    break;
                case 19:
                    // A referral to another directory: not followed, the password belongs to this one.
                    break;
                case 5:
                    var (code, message) = _messages.Read(() => LdapMessages.Result(body));
                    return code == 0 ? _messages.Read(() => LdapMessages.Cookie(controls, PagedResults)) : throw Failed(code, message, "The search");
                default:
                    throw CallException.Unreadable($"{_server} answered a search with a message of kind {tag}.");
            }
        }
    }

    /// <summary>
    /// Long attributes come in parts, <c>member;range=0-1499</c>: the rest is asked for, and all of it stands under the plain name.
    /// </summary>
    private async Task Complete(LdapEntry entry, CancellationToken ct)
    {
        foreach (var part in entry.Attributes.Keys.Where(key => Range(key) is not null).ToList())
        {
            var (name, next) = Range(part)!.Value;
            entry.Attributes.Remove(part, out var values);
            for (var asked = 0; next is { } from; asked++)
            {
                var rest = asked < MostRanges
                    ? await Find(entry.Name, scope: 0, LdapFilter.Present("objectClass"), [string.Create(CultureInfo.InvariantCulture, $"{name};range={from}-*")], ct)
                    : throw CallException.Unreadable($"{_server} gave {name} in more than {MostRanges} parts.");
                var more = rest.SelectMany(one => one.Attributes).FirstOrDefault(one => Range(one.Key) is { } range && range.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
                values!.AddRange(more.Value ?? []);
                next = more.Key is null ? null : Range(more.Key)!.Value.Next;
            }

            // Beside the part, the directory also gives the plain name, without values.
            entry.Attributes[name] = values!;
        }
    }

    /// <summary>The attribute and where its next part begins, which is null in the last; null for a plain attribute.</summary>
    private static (string Name, int? Next)? Range(string key)
    {
        const string option = ";range=";
        var at = key.IndexOf(option, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null
            : int.TryParse(key[(key.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? (key[..at], last + 1)
            : (key[..at], null);
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
        new Fault(code switch
        {
            3 => FaultKind.TimedOut,
            7 or 8 or 13 or 48 or 50 => FaultKind.Unauthorized,
            51 => FaultKind.SlowDown,
            52 => FaultKind.OutOfOrder,
            _ => FaultKind.Refused,
        }),
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
