using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Lists;

/// <summary>Custom lists: tables of text that playbooks decide by. Cells are stored as given: text or null, a number as its text.</summary>
public interface ILists
{
    /// <param name="nameOrId">Whole numbers are tried as an id first, then as a name.</param>
    Task<Outcome<CustomListRow>> Get(Caller caller, string nameOrId);

    /// <param name="content">A list of rows; a flat list is one row.</param>
    Task<Outcome<CustomListId>> Create(Unit unit, Caller caller, string name, JsonElement content);

    Task<Outcome<CustomListId>> Replace(Unit unit, Caller caller, string nameOrId, JsonElement content);

    /// <summary>Makes the list or replaces its rows, for playbooks: an item that is no list stays the plain value it is.</summary>
    Task<Outcome<Done>> Put(Unit unit, Caller caller, string name, JsonElement content);

    /// <param name="rows">A list of rows; an item that is no list is a row of one cell.</param>
    Task<Outcome<Done>> Append(Unit unit, Caller caller, string nameOrId, JsonElement rows);

    /// <summary>Replaces, deletes and appends rows by their numbers from 0, as they were before the call.</summary>
    Task<Outcome<Done>> Edit(Unit unit, Caller caller, string nameOrId, ListEdit edit);

    Task<Outcome<Done>> Delete(Unit unit, Caller caller, string nameOrId);
}

/// <param name="Update">An object: row number to row.</param>
/// <param name="Delete">Row numbers.</param>
/// <param name="Append">A list of rows.</param>
public sealed record ListEdit(JsonElement? Update = null, IReadOnlyList<int>? Delete = null, JsonElement? Append = null);
