using Vedette.Model;

namespace Vedette.Engine.Hall;

internal static class Outcomes
{
    /// <summary>C# converts no interface to an outcome by itself; a type parameter it does.</summary>
    public static Outcome<T> Of<T>(T value) => value;
}
