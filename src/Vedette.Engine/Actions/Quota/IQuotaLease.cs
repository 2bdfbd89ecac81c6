namespace Vedette.Engine.Actions.Quota;

/// <summary>Whether calls of an asset may be let go here. Where several could, only one of them holds an asset at a time, and grants only while it does.</summary>
internal interface IQuotaLease
{
    /// <summary>Null while somebody else may be letting calls go.</summary>
    QuotaLease? Of(long asset);
}

/// <param name="Since">A timestamp of the clock. From there on the asset is ours: its buckets were empty then, as who had it before may have spent all.</param>
/// <param name="Until">A timestamp of the clock, from which on it is not ours any more unless it is renewed; null for as long as this process lives.</param>
internal readonly record struct QuotaLease(long Since, long? Until = null);

/// <summary>One process has the store to itself, so all assets are its own from its start to its end.</summary>
internal sealed class SoleLease(TimeProvider time) : IQuotaLease
{
    private readonly QuotaLease _all = new(time.GetTimestamp());

    public QuotaLease? Of(long asset) => _all;
}
