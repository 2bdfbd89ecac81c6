namespace Vedette.Console.Investigation;

/// <summary>An action that is to be run with one parameter filled in.</summary>
public sealed record ActionPreset(string Action, long AssetId, string Parameter, string Value);
