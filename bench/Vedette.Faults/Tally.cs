namespace Vedette.Faults;

/// <summary>What is counted over all kills.</summary>
internal sealed class Tally
{
    public int Kills { get; set; }

    public int Alerts { get; set; }

    /// <summary>Alerts, acknowledged or sent again, that are not stored or have no run that ended.</summary>
    public int Lost { get; set; }

    public int Doubled { get; set; }

    /// <summary>Runs that ended otherwise than well, without an outcome in doubt.</summary>
    public int Failed { get; set; }

    /// <summary>Actions that wait for a person to say what became of them.</summary>
    public int Unknown { get; set; }

    public bool Good => (Lost, Doubled, Failed, Unknown) == (0, 0, 0, 0);

    public override string ToString() => $"{Kills} kills, {Alerts} alerts: lost {Lost}, tickets doubled {Doubled}, runs failed {Failed}, outcome unknown {Unknown}";
}
