using Samepage.Bench.Harness;

namespace Samepage.Bench.Rivals;

/// <summary>A rival of which all sides are this program.</summary>
internal abstract class OwnRival : Rival
{
    /// <summary>One of two sides.</summary>
    /// <param name="job">What they do.</param>
    /// <param name="name">As it came to <see cref="StartSide"/>.</param>
    /// <param name="first">The side that is there before the other.</param>
    public abstract void Serve(Job job, string name, bool first);

    protected override PeerProcess StartSide(Job job, int core, string name, string side) =>
        PeerProcess.Own(core, processorCount: 2, $"{AllRivals.Role}{GetType().Name}-{job}", name, side);
}
