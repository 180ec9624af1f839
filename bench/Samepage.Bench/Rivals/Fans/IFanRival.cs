namespace Samepage.Bench.Rivals.Fans;

/// <summary>A rival that connects one with many, and of which all sides are this program.</summary>
internal interface IFanRival
{
    /// <summary>One of the sides.</summary>
    /// <param name="job">What they do.</param>
    /// <param name="name">As it came to <see cref="Rival.StartSide"/>.</param>
    /// <param name="member">0 for the one, which is there before the others; these are numbered from 1.</param>
    void ServeFan(Job job, string name, int member);
}
