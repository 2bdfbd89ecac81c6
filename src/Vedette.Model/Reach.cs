namespace Vedette.Model;

/// <summary>How far an action reaches into other systems. The numbers are stored.</summary>
public enum Reach
{
    /// <summary>Changes nothing.</summary>
    Reads = 0,

    /// <summary>Writes a record for people: a ticket, a note.</summary>
    Records = 1,

    /// <summary>Changes the state of a system, and there is a way back.</summary>
    Changes = 2,

    /// <summary>Cannot be taken back.</summary>
    Destroys = 3,
}

/// <summary>How a call that was sent and never answered is settled. The numbers are stored.</summary>
public enum Settling
{
    /// <summary>It only reads: asked again.</summary>
    Reads = 0,

    /// <summary>It sets a state: done again.</summary>
    Repeatable = 1,

    /// <summary>The other system refuses our key a second time: sent again with the same key, then read back.</summary>
    Keyed = 2,

    /// <summary>The effect can be looked for: waited, looked, and only when not there sent again.</summary>
    Findable = 3,

    /// <summary>Nobody can know: a person decides.</summary>
    Unknown = 4,
}

/// <summary>The states of one parameter set of an action on one asset. The numbers are stored.</summary>
public enum ActionState
{
    Asked = 0,
    Allowed = 1,

    /// <summary>For a person to approve it.</summary>
    Waiting = 2,
    Started = 3,
    Done = 4,
    Failed = 5,

    /// <summary>Sent, and nobody can know whether it happened.</summary>
    Unknown = 6,

    /// <summary>By a person, for the asset as it was when it was asked.</summary>
    Approved = 7,
}

/// <summary>What kind of credential or way a caller came by. The numbers are stored.</summary>
public enum Channel
{
    System = 0,
    Rest = 1,
    Console = 2,
    Cli = 3,
    Playbook = 4,
    Connector = 5,
}
