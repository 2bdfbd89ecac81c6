using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Engine;

/// <summary>What the host tells the engine.</summary>
public sealed record EngineOptions
{
    /// <summary>The address people reach the console under, without a slash at the end; for links.</summary>
    public string BaseUrl { get; set; } = "https://127.0.0.1";

    /// <summary>Turns at once; a waiting run takes none.</summary>
    public int TurnsAtOnce { get; set; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>What automation may do before a person has to look.</summary>
    public Caps Caps { get; init; } = new();

    /// <summary>From where on no alert is taken.</summary>
    public BacklogLimits Backlog { get; init; } = new();

    /// <summary>How long things are kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>How long indicators wait after an alert, so that what it starts goes first.</summary>
    public TimeSpan IndicatorsAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What one turn may take.</summary>
    public TurnLimits Turn { get; init; } = TurnLimits.Default;
}
