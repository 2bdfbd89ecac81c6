using System.Diagnostics.CodeAnalysis;

namespace Vedette.Model;

/// <summary>Why a door said no: a code for programs, a sentence for people.</summary>
/// <param name="Kind">What kind of no it is; the server turns it into a status in one place.</param>
/// <param name="Code">A stable word for programs, such as <c>unknown_label</c>.</param>
/// <param name="Message">What is wrong, where, and what to do.</param>
/// <param name="ExistingId">For <see cref="RefusalKind.Duplicate"/>: the record that is already there.</param>
public sealed record Refusal(RefusalKind Kind, string Code, string Message, long? ExistingId = null);

public enum RefusalKind
{
    /// <summary>The request cannot be understood or breaks a rule.</summary>
    Invalid,

    /// <summary>What it speaks of is not there.</summary>
    NotFound,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>It is already there; see <see cref="Refusal.ExistingId"/>.</summary>
    Duplicate,

    /// <summary>Somebody changed it meanwhile.</summary>
    Conflict,

    /// <summary>It exceeds a stated limit.</summary>
    TooLarge,

    /// <summary>Not now: storage is full or the backlog has reached its limit. The caller may try again.</summary>
    Unavailable,

    /// <summary>Nobody we know: no credentials, or none that hold.</summary>
    Unauthenticated,
}

/// <summary>What a door answers: a value, or a refusal. A mistake of ours throws instead.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Outcome(T? value, Refusal? refusal) => (_value, _refusal) = (value, refusal);

    public bool Ok([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = _value;
        refusal = _refusal;
        return refusal is null;
    }

    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool Refused => _refusal is not null;

    public Refusal? Refusal => _refusal;

    /// <summary>The value; only to be asked for when not <see cref="Refused"/>.</summary>
    public T Value => _refusal is null
        ? _value!
        : throw new InvalidOperationException($"There is no value, the door refused: {_refusal.Message}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The value of an outcome that carries none.</summary>
public readonly record struct Done;
