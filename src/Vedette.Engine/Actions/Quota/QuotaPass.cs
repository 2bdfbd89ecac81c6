using Vedette.Engine.Scheduling;
using Vedette.Sdk;

namespace Vedette.Engine.Actions.Quota;

/// <summary>Who wants to let a call go.</summary>
/// <param name="Result">The action result it is for; null where there is none.</param>
/// <param name="Reads">It asks and changes nothing.</param>
/// <param name="Looks">It looks whether the system answers or what became of a call: it leaves also while the asset is left alone.</param>
internal sealed record QuotaCall(Urgency Urgency, long? Result, bool Reads, bool Looks);

/// <param name="Pass">Held while the call is under way; null where it may not leave.</param>
/// <param name="Refused">Why not, to be said after the asset's name.</param>
internal sealed record QuotaAnswer(QuotaPass? Pass, string? Refused);

/// <summary>A call that is under way, until it is given back.</summary>
internal sealed class QuotaPass(AssetQuota quota, bool probe) : IDisposable
{
    private AssetQuota? _quota = quota;
    private ActionAnswer? _answer;

    /// <summary>What the system answered, by which the breaker goes.</summary>
    public void Took(ActionAnswer answer) => _answer = answer;

    public void Dispose() => Interlocked.Exchange(ref _quota, null)?.Leave(probe, _answer);
}
