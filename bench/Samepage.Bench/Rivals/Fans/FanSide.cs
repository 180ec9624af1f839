using System.Diagnostics;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Rivals.Fans;

/// <summary>What one member of a fan does with its end.</summary>
/// <remarks>It answers <c>run N</c>, by which each sender sends N messages, with <c>moment allocatedBytes</c>: when it began to send, or when it had received all.</remarks>
internal sealed class FanSide<TEnd>(TEnd end, Job job, int member)
    where TEnd : struct, IRivalEnd
{
    private readonly SenderCounts _counts = new(job.Many);

    /// <summary>Serves as that member until there are no more lines.</summary>
    /// <param name="meet">Finds the other members, which may come only now that this one has said that it is ready.</param>
    public static void Serve(Job job, int member, Func<TEnd> meet)
    {
        FanSide<TEnd>? side = null;
        PeerLoop.Serve(words => side!.Run(long.Parse(words[1])), () => side = new FanSide<TEnd>(meet(), job, member));
    }

    private long Run(long count) => job.Sends(member) ? Send(count) : Receive(job.Kind == JobKind.FanIn ? count * job.Many : count);

    private long Send(long count)
    {
        long begun = Stopwatch.GetTimestamp();
        for (long i = 0; i < count; i++)
            end.Send(job.Size, _counts.Next(member));
        return begun;
    }

    private long Receive(long count)
    {
        for (long i = 0; i < count; i++)
            _counts.Take(end.Receive(job.Size));
        return Stopwatch.GetTimestamp();
    }
}
