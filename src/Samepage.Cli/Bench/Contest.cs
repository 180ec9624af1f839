using System.Net.Sockets;

namespace Samepage.Cli.Bench;

/// <summary>A channel of Samepage against what the system has: makes the routes, starts the other side, and races.</summary>
internal static class Contest
{
    /// <param name="channel">Whom the others are held against: the first of the results.</param>
    /// <param name="job">What both sides do.</param>
    /// <param name="time">For all together.</param>
    /// <param name="ended">The tool ends.</param>
    /// <exception cref="IOException">The other side has died.</exception>
    public static BenchReport Run(BenchChannel channel, BenchJob job, TimeSpan time, CancellationToken ended)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var routes = new List<Route>();
        var leftOut = new List<string>();
        OtherSide? other = null;
        try
        {
            routes.Add(Make(channel, job, over.Token));
            routes.Add(AnonymousPipeRoute.Create());
            try
            {
                routes.Add(UnixSocketRoute.Create());
            }
            catch (SocketException e)
            {
                leftOut.Add($"{UnixSocketRoute.Name}: the system refuses it ({e.SocketErrorCode})");
            }
            other = new OtherSide(job, routes.Select(r => r.Address), over);
            foreach (Route route in routes)
                route.Meet(over.Token);
            return new BenchReport(job, time, new Race(routes, job, over.Token).Run(time), leftOut);
        }
        catch (Exception e) when (other is not null && Route.IsOver(e))
        {
            ended.ThrowIfCancellationRequested();
            throw new IOException(other.End(), e);
        }
        finally
        {
            // First what the other side may be reading from, which tells it to leave, then who is waited for.
            foreach (Route route in routes)
                route.Dispose();
            other?.Dispose();
        }
    }

    private static Route Make(BenchChannel channel, BenchJob job, CancellationToken ended)
    {
        string name = $"samepage-bench-{Guid.NewGuid():N}";
        return channel switch
        {
            BenchChannel.Topic => new TopicRoute(name, asks: true, job, ended),
            BenchChannel.Queue => new QueueRoute(name, asks: true, job, ended),
            BenchChannel.Pipe => PipeRoute.Create(job, ended),
            _ => new ServiceRoute(name, asks: true, job, ended),
        };
    }
}
