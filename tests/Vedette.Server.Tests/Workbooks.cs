using Vedette.Server.Tests.Rest;

namespace Vedette.Server.Tests;

internal static class Workbooks
{
    /// <summary>A template with two phases; its second task asks for a closing note.</summary>
    public static async Task<long> NewWorkbook(this Site site, string name = "Response", bool standard = false)
    {
        using var admin = site.Person();
        return await admin.Made("/rest/workbook_template", $$"""
            {"name":"{{name}}","is_default":{{(standard ? "true" : "false")}},"phases":[
                {"name":"Detection","tasks":[
                    {"name":"look","description":"look at it","playbooks":[{"scm":"local","playbook":"tried"}]},
                    {"name":"decide","is_note_required":true}]},
                {"name":"Recovery","tasks":[{"name":"tell","role":"Administrator"}]}]}
            """);
    }
}
