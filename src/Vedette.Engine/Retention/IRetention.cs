namespace Vedette.Engine.Retention;

/// <summary>What is older than it has to be kept goes, by what the settings say. Without a setting nothing goes.</summary>
public interface IRetention
{
    /// <summary>Sweeps now and then every few hours, in the background, until the engine ends. Does nothing where nothing is to go.</summary>
    void Begin();
}
