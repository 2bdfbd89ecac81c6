namespace Vedette.Engine.Hall;

/// <summary>A value that a change sets; the property that holds it is null when the change leaves the field alone.</summary>
public readonly record struct Set<T>(T To);
