using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Samepage.Bench.Cases;

namespace Samepage.Bench.Kestrel;

/// <summary>Kestrel with nothing around it: no logs, no routes, one handler, HTTP/1.1.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly byte[] _message;
    private ulong _number;

    private WebServer(WebApplication application, int size)
    {
        _application = application;
        _message = new byte[size];
    }

    public static async Task<WebServer> StartAsync(string path, int size)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var server = new WebServer(builder.Build(), size);
        server._application.Run(server.AnswerAsync);
        await server._application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    /// <summary>There is one client with one request at a time: one buffer does.</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        await context.Request.Body.ReadExactlyAsync(_message, context.RequestAborted);
        _number++;
        Words.Check(_message, _number);
        Words.Fill(_message, _number);
        context.Response.ContentLength = _message.Length;
        _ = await context.Response.BodyWriter.WriteAsync(_message, context.RequestAborted);
    }
}
