using System.Diagnostics;
using Samepage.Cli.Output;

namespace Samepage.Cli.Top;

/// <summary>All live objects, as one look saw them.</summary>
/// <param name="Time">When, by a clock that never goes back.</param>
/// <param name="Objects">What was there.</param>
internal sealed record TopLook(TimeSpan Time, IReadOnlyList<TopObject> Objects)
{
    /// <summary>Looks, holds nothing and takes nothing.</summary>
    public static TopLook Take()
    {
        TimeSpan time = Stopwatch.GetElapsedTime(0);
        return new TopLook(time, [.. SharedObjects.List(withHolders: true).Select(o => TopObject.Of(o, ChannelText.Find(o)))]);
    }
}
