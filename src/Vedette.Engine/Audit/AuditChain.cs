using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Audit;

/// <summary>
/// The chain of the record: what is hashed, and what a verifier finds. The store computes with it and so does <c>audit verify</c>, so that
/// there is one form only.
/// </summary>
public static class AuditChain
{
    /// <summary>What stands in the place of a content that retention took.</summary>
    public const string Emptied = "{}";

    /// <summary>The row as it goes into the chain behind the row with <paramref name="previousHash"/>.</summary>
    public static AuditRow Link(AuditRow row, long number, string previousHash)
    {
        var linked = row with { Number = number, PreviousHash = previousHash, ContentHash = Digest(row.Content) };
        return linked with { Hash = Hash(linked) };
    }

    /// <summary>SHA-256 of the content, hex.</summary>
    public static string Digest(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    /// <summary>SHA-256 over the canonical form of all fields but id, content and the hash itself, hex.</summary>
    public static string Hash(AuditRow row) => Convert.ToHexStringLower(SHA256.HashData(Canonical(row)));

    /// <summary>Each field in a fixed order, with its length before it: no value can pass for two, or for its neighbour.</summary>
    public static byte[] Canonical(AuditRow row)
    {
        var text = new StringBuilder("vedette-audit-1\n", 512);
        Text(row.Chain);
        Number(row.Number);
        // The store keeps microseconds: what is finer must not count.
        Number((row.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        Number(row.TenantId);
        Number(row.UserId);
        Number(row.OnBehalfOfId);
        Number((long)row.Channel);
        Text(row.CausedBy);
        Text(row.Address);
        Text(row.Act);
        Text(row.Object);
        Number(row.ObjectId);
        Number(row.ContainerId);
        Text(row.ContentHash);
        Text(row.PreviousHash);
        return Encoding.UTF8.GetBytes(text.ToString());

        void Text(string value) => text.Append(CultureInfo.InvariantCulture, $"{value.Length}:").Append(value).Append('\n');

        void Number(long? value) => text.Append(CultureInfo.InvariantCulture, $"{value}\n");
    }

    /// <summary>
    /// Everything that is wrong with the rows, in the order found; empty when they hold. Rows may be of several chains; those of one
    /// chain come in the order in which they are stored.
    /// </summary>
    /// <param name="checkpoints">Ends that were written down elsewhere: with them a cut tail is found, and a chain rewritten as a whole.</param>
    public static IReadOnlyList<AuditFinding> Verify(IEnumerable<AuditRow> rows, IEnumerable<AuditCheckpoint>? checkpoints = null)
    {
        var findings = new List<AuditFinding>();
        var ends = new Dictionary<string, (long Number, string Hash)>();
        var marks = (checkpoints ?? []).GroupBy(c => c.Chain).ToDictionary(g => g.Key, g => g.ToLookup(c => c.Number));
        foreach (var row in rows)
        {
            var (number, hash) = ends.GetValueOrDefault(row.Chain, (0, ""));
            if (Hash(row) != row.Hash)
                Found(row, AuditFault.Changed, "its fields are not those that were written");
            if (Digest(row.Content) != row.ContentHash)
            {
                if (row.Content == Emptied)
                    Found(row, AuditFault.ContentTaken, "its content was taken, its digest is there");
                else
                    Found(row, AuditFault.Changed, "its content is not the one that was written");
            }

            if (row.Number > number + 1)
                Found(row, AuditFault.Missing, $"{row.Number - number - 1} before it missing");
            else if (row.Number <= number)
                Found(row, AuditFault.Moved, $"it comes after number {number}: moved or added");
            else if (row.PreviousHash != hash)
                Found(row, AuditFault.Changed, "it does not follow from the row before it: one of both was replaced");
            foreach (var mark in marks.TryGetValue(row.Chain, out var own) ? own[row.Number] : [])
            {
                if (mark.Hash != row.Hash)
                    Found(row, AuditFault.Changed, "a checkpoint names another hash for it");
            }

            ends[row.Chain] = row.Number > number ? (row.Number, row.Hash) : (number, hash);
        }

        foreach (var (chain, own) in marks)
        {
            var last = own.Max(g => g.Key);
            var end = ends.GetValueOrDefault(chain, (0, "")).Number;
            if (last > end)
                findings.Add(new AuditFinding(AuditFault.Cut, chain, end + 1, $"The chain {chain} ends at number {end}; a checkpoint knows number {last}."));
        }

        return findings;

        void Found(AuditRow row, AuditFault fault, string what) =>
            findings.Add(new AuditFinding(fault, row.Chain, row.Number, $"Row {row.Number} of the chain {row.Chain}: {what}."));
    }
}

/// <summary>An end of a chain, written down where its writer cannot reach it.</summary>
public sealed record AuditCheckpoint(string Chain, long Number, string Hash);

/// <summary>Something the verifier found.</summary>
/// <param name="Number">Where in the chain.</param>
/// <param name="Text">A sentence for a person.</param>
public sealed record AuditFinding(AuditFault Fault, string Chain, long Number, string Text)
{
    /// <summary>False for what retention may do; its own row in the record says that it did.</summary>
    public bool IsBroken => Fault != AuditFault.ContentTaken;
}

public enum AuditFault
{
    Changed,
    Missing,

    /// <summary>Out of its place, or there twice.</summary>
    Moved,
    Cut,

    /// <summary>Not broken: the content is gone, the digest holds its place.</summary>
    ContentTaken,
}
