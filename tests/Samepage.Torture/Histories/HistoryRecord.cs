using System.Runtime.InteropServices;

namespace Samepage.Torture.Histories;

/// <summary>An operation in a file. It counts once its length is there, and is over once its end is there: each is written last.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HistoryRecord
{
    public int Length;
    public int Code;
    public long Argument;
    public long Result;
    public long Detail;
    public long Begin;
    public long End;
}
