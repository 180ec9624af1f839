namespace Samepage.Diagnostics;

/// <summary>An end of an object that tells what it has done when somebody asks, and does nothing for that until then.</summary>
/// <remarks>Asked on any thread, from <see cref="MeasuredObjects.Add"/> until <see cref="MeasuredObjects.Remove"/>; what it counts in belongs to the thread that uses it.</remarks>
internal interface IMeasured
{
    /// <summary>How much stands before it that it has not read; null: it reads nothing, or cannot tell.</summary>
    long? Lag { get; }

    void AddTo(ref Counts counts);
}
