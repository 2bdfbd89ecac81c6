using System.Formats.Asn1;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.Directory;

/// <summary>One client's conversation with the domain controller: StartTLS, bind, search, unbind. The directory is read only.</summary>
internal sealed class LdapStandIn(HaldenDirectory directory, Behaviours behaviours, CallLog calls, LabOptions options, LabCertificate certificate)
{
    private const string StartTls = "1.3.6.1.4.1.1466.20037";

    private const string NotBound =
        "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the "
        + "connection., data 0, v4563";

    internal async Task Talk(Socket socket, CancellationToken ct)
    {
        await using var plain = new NetworkStream(socket, ownsSocket: false);
        if (await Converse(socket, plain, ct))
        {
            await Secured(socket, plain, ct);
        }
    }

    internal async Task TalkSecured(Socket socket, CancellationToken ct)
    {
        await using var plain = new NetworkStream(socket, ownsSocket: false);
        await Secured(socket, plain, ct);
    }

    private async Task Secured(Socket socket, Stream plain, CancellationToken ct)
    {
        await using var stream = new SslStream(plain);
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate.Certificate }, ct);
        await Converse(socket, stream, ct);
    }

    /// <returns>True when the client was told to go on over TLS.</returns>
    private async Task<bool> Converse(Socket socket, Stream stream, CancellationToken ct)
    {
        var isBound = false;
        while (await LdapMessage.Read(stream, ct) is { } bytes)
        {
            byte[] answer;
            bool securesNext;
            try
            {
                var message = new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence();
                message.TryReadInt32(out var id);
                var tag = message.PeekTag();
                var operation = (LdapOperation)tag.TagValue;
                if (operation is LdapOperation.UnbindRequest)
                {
                    return false;
                }

                if (operation is LdapOperation.AbandonRequest)
                {
                    continue;
                }

                calls.Calls.Count(LabSystem.Ldap);
                var latency = behaviours.Of(LabSystem.Ldap).Latency;
                if (latency > TimeSpan.Zero && !await TcpDoor.Waits(socket, latency, options.Clock, ct))
                {
                    calls.HangUps.Count(LabSystem.Ldap);
                    return false;
                }

                var mishap = behaviours.Next(LabSystem.Ldap, write: false);
                if (mishap is Mishap.Reset)
                {
                    TcpDoor.Reset(socket);
                    return false;
                }

                securesNext = operation is LdapOperation.ExtendedRequest && mishap is Mishap.None && stream is not SslStream && IsStartTls(message);

                answer = mishap is Mishap.Echo && operation is LdapOperation.BindRequest
                    ? Echo(message.ReadSequence(LdapMessage.Tag(operation)), id)
                    : mishap is Mishap.TooMany or Mishap.ServerError
                    ? Refuse(id, operation, mishap)
                    : securesNext ? LdapMessage.Result(id, LdapOperation.ExtendedResponse, LdapResult.Success)
                    : Carry(message, id, operation, ref isBound);
                if (mishap is Mishap.Cut)
                {
                    await stream.WriteAsync(answer.AsMemory(0, answer.Length / 2), ct);
                    return false;
                }

                if (mishap is Mishap.LateAnswer)
                {
                    await Task.Delay(options.LateAnswerAfter, options.Clock, ct);
                }
            }
            catch (Exception fault) when (fault is AsnContentException or FormatException)
            {
                // Message 0 is the notice of disconnection of RFC 4511 section 4.4.1.
                await stream.WriteAsync(
                    LdapMessage.Result(0, LdapOperation.ExtendedResponse, LdapResult.ProtocolError, fault.Message), ct);
                return false;
            }

            await stream.WriteAsync(answer, ct);
            if (securesNext)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks without taking: whatever is no StartTLS is still to be read.</summary>
    private static bool IsStartTls(AsnReader message)
    {
        var operation = new AsnReader(message.PeekEncodedValue(), AsnEncodingRules.BER).ReadSequence(LdapMessage.Tag(LdapOperation.ExtendedRequest));
        return Encoding.ASCII.GetString(operation.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0))) == StartTls;
    }

    private byte[] Carry(AsnReader message, int id, LdapOperation operation, ref bool isBound)
    {
        switch (operation)
        {
            case LdapOperation.BindRequest:
                return Bind(message.ReadSequence(LdapMessage.Tag(operation)), id, ref isBound);
            case LdapOperation.SearchRequest:
                var request = LdapSearch.Read(message.ReadSequence(LdapMessage.Tag(operation)), directory);
                return isBound || request.IsRootDse
                    ? request.Carry(id, directory, PagedResults.Read(message))
                    : LdapMessage.Result(id, LdapOperation.SearchDone, LdapResult.OperationsError, NotBound);
            case LdapOperation.ExtendedRequest:
                return LdapMessage.Result(id, LdapOperation.ExtendedResponse, LdapResult.ProtocolError, "This extension is not offered.");
            default:
                return LdapMessage.Result(id, operation + 1, LdapResult.UnwillingToPerform, "The directory of the lab is read only.");
        }
    }

    private byte[] Bind(AsnReader request, int id, ref bool isBound)
    {
        isBound = false;
        request.ReadInteger();
        var name = Encoding.UTF8.GetString(request.ReadOctetString());
        var method = request.PeekTag();
        if (method.TagValue != 0)
        {
            return LdapMessage.Result(id, LdapOperation.BindResponse, LdapResult.AuthMethodNotSupported, "Only a simple bind is offered.");
        }

        var password = Encoding.UTF8.GetString(request.ReadOctetString(method));
        if (password.Length == 0)
        {
            // An empty password is an anonymous bind, whatever the name: it succeeds and proves nothing.
            return LdapMessage.Result(id, LdapOperation.BindResponse, LdapResult.Success);
        }

        var account = directory.Account(name);
        var reason = account switch
        {
            null or { Password: null } => "525",
            _ when account.Password != password => "52e",
            { IsDisabled: true } => "533",
            _ => null,
        };
        isBound = reason is null;
        return reason is null
            ? LdapMessage.Result(id, LdapOperation.BindResponse, LdapResult.Success)
            : LdapMessage.Result(id, LdapOperation.BindResponse, LdapResult.InvalidCredentials,
                $"80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {reason}, v1db1");
    }

    private static byte[] Echo(AsnReader request, int id)
    {
        request.ReadInteger();
        var name = Encoding.UTF8.GetString(request.ReadOctetString());
        var password = Encoding.UTF8.GetString(request.ReadOctetString(request.PeekTag()));
        return LdapMessage.Result(id, LdapOperation.BindResponse, LdapResult.InvalidCredentials, $"cannot bind {name} with {password}");
    }

    private static byte[] Refuse(int id, LdapOperation operation, Mishap mishap) => LdapMessage.Result(
        id,
        operation is LdapOperation.SearchRequest ? LdapOperation.SearchDone
            : operation is LdapOperation.ExtendedRequest ? LdapOperation.ExtendedResponse : operation + 1,
        mishap is Mishap.TooMany ? LdapResult.Busy : LdapResult.Unavailable,
        mishap is Mishap.TooMany ? "The server is busy." : "The server is unavailable.");
}
