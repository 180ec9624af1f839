namespace Samepage.Torture.Driving;

/// <summary>What a run has done so far.</summary>
internal sealed class Tally
{
    public long Operations { get; set; }

    public int Kills { get; set; }

    public int Stops { get; set; }

    public int Starts { get; set; }

    public int Histories { get; set; }

    public override string ToString() => $"{Operations} operations, {Starts} processes, {Kills} kills, {Stops} stops, {Histories} histories checked";
}
