namespace Samepage.Torture.Working;

/// <summary>How far a worker is on its way to the end, for all its threads.</summary>
internal sealed class Ending
{
    private int _stage;

    public bool ProducersEnd => Volatile.Read(ref _stage) >= 1;

    public bool ConsumersEnd => Volatile.Read(ref _stage) >= 2;

    public void EndProducers() => Volatile.Write(ref _stage, 1);

    public void EndConsumers() => Volatile.Write(ref _stage, 2);
}
