using Samepage.Channels;

namespace Samepage.Bench.Rivals.Samepage;

/// <summary>The library's calls beside its topics: what requests and responses, deadlines and servers that die cost more than two messages.</summary>
internal sealed class ServiceRival : OwnRival
{
    public override string Name => "Samepage service";

    public override bool Can(Job job) => job.Kind == JobKind.RoundTrip;

    public override void Serve(Job job, string name, bool first)
    {
        WaitStrategy strategy = job.Blocks ? WaitStrategy.Block : WaitStrategy.BusySpin;
        using Service service = first ? Service.Create(name) : Service.Open(name);
        using ServiceClient? client = first ? service.CreateClient(strategy) : null;
        using ServiceServer? server = first ? null : service.Serve(strategy);
        var end = new ServiceEnd(client, server, job.Size);
        RivalLoop.Serve(job, first, () => end);
    }
}
