using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Notes;

public static class NotesRegistration
{
    public static IServiceCollection AddNotes(this IServiceCollection services) => services.AddSingleton<INotes, NoteRoom>();
}
