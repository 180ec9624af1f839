using System.CommandLine;

namespace Samepage.Cli.Commands;

/// <summary>Reads, writes and watches the latest value of something: each a verb of its own below this one.</summary>
internal sealed class CellVerb : Command
{
    public CellVerb(Session session)
        : base("cell", "Read, write or watch the value of a cell, or of a key in a map of cells.")
    {
        Add(new CellGetVerb(session));
        Add(new CellSetVerb(session));
        Add(new CellWatchVerb(session));
    }
}
