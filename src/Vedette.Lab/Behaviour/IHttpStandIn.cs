using Microsoft.AspNetCore.Http;

namespace Vedette.Lab.Behaviour;

/// <summary>One HTTP system behind <see cref="HttpGate"/>.</summary>
internal interface IHttpStandIn
{
    LabSystem System { get; }

    /// <param name="path">What follows the system's base URL, without the leading slash.</param>
    /// <param name="mishap">One of those the system itself must play, else <see cref="Mishap.None"/>.</param>
    Task Answer(HttpContext context, string path, Mishap mishap);

    /// <summary>The body of an error of this system.</summary>
    (string ContentType, string Body) Error(int status, string text);
}
