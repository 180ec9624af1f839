using System.Diagnostics;

namespace Samepage.Channels;

/// <summary>A server that calls a handler for each request.</summary>
/// <param name="server">Takes them.</param>
/// <param name="handler">Answers each.</param>
/// <param name="atOnce">How many may be handled at one time.</param>
internal sealed class RequestLoop(ServiceServer server, Func<ServiceRequest, ValueTask> handler, int atOnce)
{
    public async Task RunAsync(CancellationToken token)
    {
        using var places = new SemaphoreSlim(atOnce);
        try
        {
            while (true)
            {
                await places.WaitAsync(token).ConfigureAwait(false);
                ServiceRequest request;
                try
                {
                    request = await server.TakeAsync(token).ConfigureAwait(false);
                }
                catch
                {
                    _ = places.Release();
                    throw;
                }
                _ = HandleAsync(request, places);
            }
        }
        finally
        {
            for (int i = 0; i < atOnce; i++)
                await places.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task HandleAsync(ServiceRequest request, SemaphoreSlim places)
    {
        try
        {
            // Here, and in what it calls.
            if (request.Activity is { } activity)
                Activity.Current = activity;
            await handler(request).ConfigureAwait(false);
            if (!request.IsOver)
                Fail(request, "The server gave no answer.");
        }
#pragma warning disable CA1031 // Whatever it is: the client is told.
        catch (Exception e)
        {
            Fail(request, e.Message);
        }
#pragma warning restore CA1031
        finally
        {
            _ = places.Release();
        }
    }

    private static void Fail(ServiceRequest request, string why)
    {
        try
        {
            if (!request.IsOver)
                _ = request.Fail(why);
        }
        catch (InvalidOperationException)
        {
            // The server was disposed meanwhile.
        }
    }
}
