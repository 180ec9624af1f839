using System.Globalization;
using Samepage.Channels;

namespace Samepage.Peer;

/// <summary>What this process does with a service: it has one client and one server of each, made at their first use, and one call at a time.</summary>
internal static class ServiceCommands
{
    public static string Run(OpenObjects objects, string[] words)
    {
        string name = words[1];
        if (words[0] == "service")
        {
            objects.Add(name, new Opened(Service<int, long>.CreateOrOpen(name)));
            return "";
        }
        Opened service = objects.Get<Opened>(name);
        switch (words[0])
        {
            case "service-call":
                return Text(service.Client.Call(Number(words[2])));
            case "service-ask":
                service.Asked = service.Client.CallAsync(Number(words[2]), cancellationToken: service.Cancel.Token).AsTask();
                return "";
            case "service-cancel":
                service.Cancel.Cancel();
                return "";
            case "service-stream":
                return Text(ReadAsync(service.Client, Number(words[2])).GetAwaiter().GetResult());
            case "service-take":
                _ = service.Server.TryTake(Timeout.InfiniteTimeSpan, out service.Taken);
                return Text(service.Taken.Value);
            case "service-reply":
                return service.Taken.Reply(Number(words[2])).ToString();
            case "service-write":
                return service.Taken.TryWrite(Number(words[2])).ToString();
            case "service-fill":
                for (int i = 0; service.Taken.TryWrite(i); i++)
                {
                }
                _ = service.Taken.WriteAsync(-1).AsTask();
                return "";
            case "service-fail":
                return service.Taken.Fail("no").ToString();
            case "service-watch":
                service.Cancelled = service.Taken.CancellationToken;
                return "";
            case "service-cancelled":
                _ = service.Cancelled.WaitHandle.WaitOne();
                return "";
            case "service-sleep":
                // As anybody does who waits without a thread: it is there for the deaths of others.
                _ = service.Server.WaitToTakeAsync(Timeout.InfiniteTimeSpan).AsTask();
                return "";
            case "service-serve":
                while (true)
                {
                    _ = service.Server.TryTake(Timeout.InfiniteTimeSpan, out ServiceRequest<int, long> request);
                    _ = request.Reply(request.Value * 10L);
                }
            default:
                throw new InvalidOperationException($"unknown command {words[0]}");
        }
    }

    private static async Task<long> ReadAsync(ServiceClient<int, long> client, int count)
    {
        await foreach (long response in client.StreamAsync(0))
        {
            if (--count == 0)
                return response;
        }
        return -1;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Opened(Service<int, long> service) : IDisposable
    {
        private ServiceClient<int, long>? _client;
        private ServiceServer<int, long>? _server;

        public ServiceRequest<int, long> Taken;

        /// <summary>Of what was taken.</summary>
        public CancellationToken Cancelled { get; set; }

        public Task<long>? Asked { get; set; }

        public CancellationTokenSource Cancel { get; } = new();

        public ServiceClient<int, long> Client => _client ??= service.CreateClient();

        public ServiceServer<int, long> Server => _server ??= service.Serve();

        public void Dispose()
        {
            _client?.Dispose();
            _server?.Dispose();
            Cancel.Dispose();
            service.Dispose();
        }
    }
}
