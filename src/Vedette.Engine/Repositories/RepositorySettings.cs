using System.Text;
using System.Text.RegularExpressions;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Repositories;

/// <summary>What a repository is set to: checked, its secret sealed for the address it goes to, and opened for the call.</summary>
internal sealed partial class RepositorySettings(IGit git, ISecretKeys keys)
{
    private const int LongestSecret = 64 * 1024;
    private readonly SecretSeal _seal = new(keys);

    /// <summary>The row with what the draft names.</summary>
    public async Task<Outcome<RepositoryRow>> Drawn(RepositoryRow row, RepositoryDraft draft, CancellationToken ct)
    {
        var drawn = row with
        {
            Branch = draft.Branch ?? row.Branch,
            Username = draft.Username ?? row.Username,
            HostKey = draft.HostKey ?? row.HostKey,
            ReadOnly = draft.ReadOnly ?? row.ReadOnly,
            Disabled = draft.Disabled ?? row.Disabled,
            Follow = draft.Follow ?? row.Follow,
            MostReach = draft.MostReach ?? row.MostReach,
            EveryMinutes = draft.EveryMinutes ?? row.EveryMinutes,
        };
        if (draft.Uri is { } uri)
        {
            if (uri.Length > 0)
            {
                if (!RepositoryAddress.Parse(uri).Ok(out var address, out var refusal))
                {
                    return refusal;
                }

                if (await git.MayReach(address, ct) is { } unreachable && unreachable.Kind != RefusalKind.Unavailable)
                {
                    return unreachable;
                }

                uri = address.ToString();
            }

            drawn = drawn with { Uri = uri };
        }

        if (!BranchForm().IsMatch(drawn.Branch) || drawn.Branch.Contains("..", StringComparison.Ordinal) || drawn.Branch.Contains("//", StringComparison.Ordinal) || drawn.Branch.EndsWith(".lock", StringComparison.Ordinal))
        {
            return Invalid("bad_branch", $"\"{Faults.Short(drawn.Branch)}\" cannot be the name of a branch: letters, digits, dots, dashes, underscores and slashes, and it begins with a letter or digit.");
        }

        if (drawn.Username.Any(c => char.IsControl(c) || c == ':') || drawn.HostKey.Any(c => char.IsControl(c)) || drawn.Username.Length > 200 || drawn.HostKey.Length > 4096)
        {
            return Invalid("bad_credentials", "A user name has no colon and, like a host key, is one line of text.");
        }

        if (drawn.EveryMinutes is < 0 or > 100_000)
        {
            return Invalid("bad_schedule", "every_minutes is from 0, for never, to 100000.");
        }

        if (draft.Secret is { } secret)
        {
            return secret.Length > LongestSecret
                ? new Refusal(RefusalKind.TooLarge, "secret_too_large", $"A secret has at most {LongestSecret} characters.")
                : drawn with { Secret = secret.Length == 0 ? "" : _seal.Seal(secret, Place(drawn)) };
        }

        // Sealed for another address, it would not open: it goes to the one it was entered for, or nowhere.
        return Place(drawn).AsSpan().SequenceEqual(Place(row)) ? drawn : drawn with { Secret = "" };
    }

    public static bool IsName(string name) => NameForm().IsMatch(name);

    /// <summary>The other side with its secret opened, for the call that is about to be made.</summary>
    public Outcome<Remote> Opened(RepositoryRow row)
    {
        if (row.Uri.Length == 0)
        {
            return Invalid("no_other_side", $"Repository \"{row.Name}\" has no address: it is here only.");
        }

        if (!RepositoryAddress.Parse(row.Uri).Ok(out var address, out var refusal))
        {
            return refusal;
        }

        return row.Secret.Length == 0 ? new Remote(address, row.Branch, row.Username, "", row.HostKey)
            : _seal.Open(row.Secret, Place(row)) is { } secret ? new Remote(address, row.Branch, row.Username, secret, row.HostKey)
            : Invalid("secret_does_not_open", $"Repository \"{row.Name}\": the secret was not entered for this address, or its key is not here: enter it again.");
    }

    private static Refusal Invalid(string code, string message) => new(RefusalKind.Invalid, code, message);

    private static byte[] Place(RepositoryRow row) => Encoding.UTF8.GetBytes($"vedette repository secret\n{row.Id}\n{row.Uri}\n{row.Username}\n{row.HostKey}");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/\-]{0,199}$")]
    private static partial Regex BranchForm();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,63}$")]
    private static partial Regex NameForm();
}
