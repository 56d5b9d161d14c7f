"""Words for what someone is to whoever writes: "mijn psycholoog", "onze buurman"."""

from __future__ import annotations

import re

ROLE = re.compile(
    r"(?:[\w-]*(?:psych|psycho|psycholoog|psychologe|psychiater|psycholo\w*|psychol|"
    r"therapeut|therapeute|therapeuten|behandelaar|behandelaarster|behandelaars|"
    r"hulpverlener|"
    r"hulpverleenster|begeleider|begeleidster|huisarts|arts|coach|spv|spv'er|poh|poh-ggz|"
    r"verpleegkundige|verpleger|verpleegster|maatschappelijk|werker|werkster|"
    r"ervaringsdeskundige|mentor|mentrix|bewindvoerder|consulent|consulente|casemanager|"
    r"regiebehandelaar|regisseur|assistente|ergotherapeut|diëtist|"
    r"leraar|lerares|leerkracht|docent|docente|studiebegeleider|jobcoach|leidinggevende|"
    r"manager|collega|baas|bazin|teamleider|"
    r"zus|zusje|zusjes|broer|broertje|moeder|mama|mam|ma|vader|papa|pap|pa|man|vrouw|"
    r"partner|vriend|vriendje|vriendin|vriendinnetje|dochter|dochtertje|zoon|zoontje|"
    r"kleinzoon|kleindochter|"
    r"buurvrouw|buurman|buurmeisje|buurjongen|buuf|ex|ex-man|ex-vrouw|exman|neef|neefje|"
    r"nicht|nichtje|schoonzus|schoonmoeder|schoonvader|schoonzoon|schoondochter|"
    r"stiefvader|stiefmoeder|"
    r"tante|oom|oma|opa|maat|maatje|bestie|beste|kameraad|lotgenoot|huisgenoot|huisgenote|"
    r"kamergenoot|kamergenote|medepatiënt|medeclient|medecliënt|verloofde|vriendlief|kind|"
    r"kindje|tweeling|jongste|oudste|"
    r"petekind|pleegkind|pleegmoeder|pleegvader|pleegzoon|pleegdochter|mantelzorger|"
    r"stagiaire|stagiair|dominee|geliefde|wijlen|wijkagent|agent|rechter|advocaat|advocate|voogd|"
    r"officier|oppas|gezinshuisouder|pedagoog|orthopedagoog|logopedist\w*|tandarts|apotheker|notaris|"
    r"predikant|priester|rabbijn|trainer|trainster|decaan|rector|hulp|pleegzus|pleegbroer|halfzus|"
    r"halfbroer|schoonbroer|stiefzus|stiefbroer|stiefzoon|stiefdochter|peetoom|peettante|zielsverwant|"
    r"crush|liefje|lief|teamhoofd|afdelingshoofd|hoofdverpleegster|directeur|directrice|ouderling|"
    r"diaken|diacones|voorganger|kapelaan|reclasseerder|jeugdbeschermer|gezinsvoogd|"
    r"groepsleid\w+|bewaarder|bewaker|chef|planner|voorman|huisbaas|conciërge|kapper|kapster|"
    r"taalcoach|buddy|sponsor|klasgenoot|klasgenote|celgenoot|celmaat|compagnon|praktijkopleider|"
    r"scriptiebegeleider|schoonmaakster|poetsvrouw|reclasserings\w+|zorgkundige|stagebegeleidster))"
)
CARER = re.compile(
    r"psych|arts|therap|behandel|begeleid|hulpverl|coach|mentor|consulent|werker|"
    r"dominee|bewindvoerder|leraar|lerares|docent|agent|rechter|advocaat|voogd|casemanager|baas"
)
