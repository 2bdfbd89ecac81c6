using Vedette.Sdk;

namespace Vedette.Engine.Actions.Quota;

/// <summary>
/// Shuts after so many calls in a row that did not get an answer from a working system. After a pause one call is let through to probe: an
/// answer opens it again, another failure shuts it for as long again.
/// </summary>
internal sealed class Breaker
{
    private TimeSpan? _shutUntil;
    private bool _probing;

    public int Failures { get; private set; }

    /// <summary>What the last failure said.</summary>
    public string LastFailure { get; private set; } = "";

    public bool Shut => _shutUntil is not null;

    /// <summary>When a call may leave; null while the probe is under way.</summary>
    public TimeSpan? OpensAt => _shutUntil is not { } until ? TimeSpan.MinValue : _probing ? null : until;

    /// <summary>A call leaves. True if it is the probe.</summary>
    public bool Leaves() => _probing = Shut;

    /// <summary>What came of a call.</summary>
    /// <param name="answer">Null where it says nothing about the system.</param>
    /// <param name="limits">With 0 for <see cref="QuotaLimits.BreakerFailures"/> it never shuts.</param>
    public void Took(ActionAnswer? answer, bool probe, QuotaLimits limits, TimeSpan now)
    {
        _probing &= !probe;
        switch (answer?.Fault?.Where)
        {
            case FaultKind.NotReached or FaultKind.Broken or FaultKind.TimedOut or FaultKind.OutOfOrder:
                Failures++;
                LastFailure = answer.Message;
                _shutUntil = limits.BreakerFailures > 0 && (probe || Failures >= limits.BreakerFailures) ? now + limits.BreakerPause : _shutUntil;
                break;
            case FaultKind.NotAllowed or FaultKind.BadInput or FaultKind.TooLate:
                // Nothing left.
                break;
            default:
                if (answer is not null)
                {
                    (Failures, LastFailure, _shutUntil) = (0, "", null);
                }

                break;
        }
    }
}
