namespace Vedette.Engine.Hall;

/// <summary>Keys that seal secrets: kept by the host outside database and backup, in a file only its user can read.</summary>
public interface ISecretKeys
{
    /// <summary>Seals what is new.</summary>
    SecretKey Current { get; }

    /// <summary>The key with this id, also an old one, or null.</summary>
    SecretKey? Find(string id);
}
