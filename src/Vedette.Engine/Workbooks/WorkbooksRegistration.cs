using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Workbooks;

internal static class WorkbooksRegistration
{
    public static IServiceCollection AddWorkbooks(this IServiceCollection services) => services.AddSingleton<IWorkbooks, WorkbookRoom>();
}
