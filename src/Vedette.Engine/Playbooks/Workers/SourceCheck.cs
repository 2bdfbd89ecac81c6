namespace Vedette.Engine.Playbooks.Workers;

/// <summary>What a compiler says of a source.</summary>
/// <param name="Line">Of the error; 0 when there is none, or none in particular.</param>
/// <param name="Functions">Names at the top level, in their order.</param>
/// <param name="Reaches">What in it could leave something behind in the interpreter: its turns do not share a child.</param>
public sealed record SourceCheck(
    bool Compiles, int Line, string Message, IReadOnlyList<string> Functions, IReadOnlyList<SourceReach> Reaches);

/// <summary>Such as <c>eval</c>, <c>threading</c>, an assignment to another object's attribute.</summary>
public sealed record SourceReach(string Name, int Line);
