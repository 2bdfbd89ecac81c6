using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Vedette.Sdk;

namespace Vedette.Connectors.Calling;

/// <summary>Values from outside that go into addresses and queries: said safely, or refused before anything is sent.</summary>
internal static partial class Inputs
{
    private static readonly IdnMapping Idn = new();

    public static string Required(this ActionCall call, string name) => call.Text(name) is { } text && !string.IsNullOrWhiteSpace(text)
        ? text.Trim()
        : throw CallException.BadInput($"Parameter '{name}' is required.");

    public static string Required(this AssetSettings asset, string field) =>
        asset.Text(field) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : throw CallException.BadInput($"The asset has no '{field}'.");

    /// <summary>A password, key or token exactly as it was entered: a space at its end may belong to it. A blank one is refused.</summary>
    public static string Secret(this AssetSettings asset, string field) =>
        asset.Text(field) is { } secret && !string.IsNullOrWhiteSpace(secret) ? secret : throw CallException.BadInput($"The asset has no '{field}'.");

    public static bool Flag(this ActionCall call, string name, bool otherwise) => call.Text(name) is { Length: > 0 } text
        ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase)
        : otherwise;

    public static CallException Invalid(string name) => CallException.BadInput($"Parameter '{name}' failed validation");

    /// <summary>One segment of a path. A dot segment would climb, and is refused.</summary>
    public static string Segment(string value, string name) => value is "" or "." or ".." || value.Any(char.IsControl)
        ? throw Invalid(name)
        : Uri.EscapeDataString(value);

    /// <summary>An address in its own spelling, or null.</summary>
    public static IPAddress? Address(string text) =>
        // TryParse also takes 1, 0x7f.1 and the like, which no person means by an address.
        IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || FourNumbers().IsMatch(text)) ? address : null;

    /// <summary>A host name in ASCII form and lower case, or null if it is none.</summary>
    public static string? HostName(string text)
    {
        try
        {
            var ascii = Idn.GetAscii(text.Trim().TrimEnd('.')).ToLowerInvariant();
            return ascii.Length <= 253 && Name().IsMatch(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            // Not a name in any alphabet.
            return null;
        }
    }

    [GeneratedRegex(@"^\d{1,3}(\.\d{1,3}){3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FourNumbers();

    [GeneratedRegex(@"^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
